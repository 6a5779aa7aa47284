-- Each list of the dashboard reads an index in its own order, and a pasted prefix of a SHA is a range of one.

-- DropIndex
DROP INDEX "pull_requests_installation_id_state_updated_at_idx";

-- DropIndex
DROP INDEX "issues_installation_id_state_updated_at_idx";

-- DropIndex
DROP INDEX "agent_runs_installation_id_created_at_idx";

-- CreateIndex
CREATE INDEX "pull_requests_installation_id_updated_at_id_idx" ON "pull_requests"("installation_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "pull_requests_installation_id_state_updated_at_id_idx" ON "pull_requests"("installation_id", "state", "updated_at", "id");

-- Partial: Prisma compares no operator class, and leaves partial indexes alone.
CREATE INDEX "pull_requests_head_sha_idx" ON "pull_requests"("head_sha" text_pattern_ops) WHERE "head_sha" IS NOT NULL;

-- Partial: Prisma compares no operator class, and leaves partial indexes alone.
CREATE INDEX "pull_requests_merge_commit_sha_idx" ON "pull_requests"("merge_commit_sha" text_pattern_ops) WHERE "merge_commit_sha" IS NOT NULL;

-- CreateIndex
CREATE INDEX "issues_installation_id_updated_at_id_idx" ON "issues"("installation_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "issues_installation_id_state_updated_at_id_idx" ON "issues"("installation_id", "state", "updated_at", "id");

-- CreateIndex
CREATE INDEX "deployments_installation_id_created_at_id_idx" ON "deployments"("installation_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "agent_runs_installation_id_created_at_id_idx" ON "agent_runs"("installation_id", "created_at", "id");

-- Partial: Prisma compares no operator class, and leaves partial indexes alone.
CREATE INDEX "agent_runs_head_sha_idx" ON "agent_runs"("head_sha" text_pattern_ops) WHERE "head_sha" IS NOT NULL;
