-- AlterTable
ALTER TABLE "pull_requests" ADD COLUMN     "checks_observed_at" TIMESTAMPTZ(3),
ADD COLUMN     "checks_state" TEXT;

-- CreateTable
CREATE TABLE "linked_issues" (
    "installation_id" BIGINT NOT NULL,
    "pull_request_id" BIGINT NOT NULL,
    "issue_id" BIGINT NOT NULL,
    "issue_repository_id" BIGINT,
    "issue_repository" TEXT NOT NULL,
    "issue_number" INTEGER NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "linked_issues_pkey" PRIMARY KEY ("pull_request_id","issue_id")
);

-- CreateTable
CREATE TABLE "sync_runs" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "mode" TEXT NOT NULL,
    "repository_id" BIGINT,
    "subject" TEXT,
    "requested_by" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "stage" TEXT NOT NULL DEFAULT 'repositories',
    "runner" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "resume_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "paused_ms" BIGINT NOT NULL DEFAULT 0,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "rows_written" INTEGER NOT NULL DEFAULT 0,
    "rows_unchanged" INTEGER NOT NULL DEFAULT 0,
    "points" INTEGER NOT NULL DEFAULT 0,
    "requests" INTEGER NOT NULL DEFAULT 0,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "progress" JSONB,
    "because" TEXT,

    CONSTRAINT "sync_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_cursors" (
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "entity" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "run_id" BIGINT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "position" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "since" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "watermark" TIMESTAMPTZ(3),
    "pages" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "error_kind" TEXT,
    "error" TEXT,

    CONSTRAINT "sync_cursors_pkey" PRIMARY KEY ("installation_id","lane","repository_id","entity")
);

-- CreateTable
CREATE TABLE "rate_budgets" (
    "installation_id" BIGINT NOT NULL,
    "resource" TEXT NOT NULL,
    "quota_limit" INTEGER,
    "remaining" INTEGER,
    "reset_at" TIMESTAMPTZ(3),
    "blocked_until" TIMESTAMPTZ(3),
    "leases" JSONB NOT NULL DEFAULT '[]',
    "points_at" TIMESTAMPTZ(3),
    "seconds_at" TIMESTAMPTZ(3),
    "mean_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "rate_budgets_pkey" PRIMARY KEY ("installation_id","resource")
);

-- CreateIndex
CREATE INDEX "linked_issues_installation_id_idx" ON "linked_issues"("installation_id");

-- CreateIndex
CREATE INDEX "linked_issues_issue_id_idx" ON "linked_issues"("issue_id");

-- CreateIndex
CREATE INDEX "sync_runs_installation_id_created_at_idx" ON "sync_runs"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "sync_runs_status_idx" ON "sync_runs"("status");

-- CreateIndex
CREATE INDEX "sync_cursors_run_id_status_pages_position_idx" ON "sync_cursors"("run_id", "status", "pages", "position");
