-- AlterTable
ALTER TABLE "commits" ADD COLUMN     "first_seen_at" TIMESTAMPTZ(3),
ADD COLUMN     "parents" TEXT[];

-- AlterTable
ALTER TABLE "deployment_statuses" ADD COLUMN     "check_run_id" BIGINT;

-- AlterTable
ALTER TABLE "deployments" ADD COLUMN     "payload" JSONB,
ADD COLUMN     "performed_via_github_app" TEXT,
ADD COLUMN     "workflow" TEXT,
ADD COLUMN     "workflow_run_id" BIGINT;
