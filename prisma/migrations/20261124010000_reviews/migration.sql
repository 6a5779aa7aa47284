-- CreateTable
CREATE TABLE "agent_runs" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "agent" TEXT NOT NULL,
    "number" INTEGER,
    "head_sha" TEXT,
    "job_id" BIGINT,
    "delivery_guid" TEXT,
    "trigger" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "skipped" TEXT,
    "because" TEXT NOT NULL,
    "shadow" BOOLEAN NOT NULL DEFAULT false,
    "input" JSONB NOT NULL DEFAULT '{}',
    "decision" JSONB NOT NULL DEFAULT '{}',
    "notes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "requests" INTEGER NOT NULL DEFAULT 0,
    "duration_ms" INTEGER NOT NULL DEFAULT 0,
    "model" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "findings" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "shadow" BOOLEAN NOT NULL DEFAULT false,
    "rule" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "path" TEXT,
    "line" INTEGER,
    "end_line" INTEGER,
    "says" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "run_id" BIGINT NOT NULL,
    "last_run_id" BIGINT NOT NULL,
    "thread_id" TEXT,
    "comment_id" TEXT,
    "answered" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "findings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finding_feedback" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "by_login" TEXT,
    "comment_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "finding_feedback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "commands" (
    "comment_id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "arguments" TEXT NOT NULL DEFAULT '',
    "by_login" TEXT NOT NULL,
    "role" TEXT,
    "status" TEXT NOT NULL DEFAULT 'received',
    "because" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "commands_pkey" PRIMARY KEY ("comment_id")
);

-- CreateTable
CREATE TABLE "repository_settings" (
    "repository_id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "settings" JSONB NOT NULL,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    "good_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "repository_settings_pkey" PRIMARY KEY ("repository_id")
);

-- CreateIndex
CREATE INDEX "agent_runs_repository_id_agent_number_id_idx" ON "agent_runs"("repository_id", "agent", "number", "id");

-- CreateIndex
CREATE INDEX "agent_runs_installation_id_created_at_idx" ON "agent_runs"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "agent_runs_delivery_guid_idx" ON "agent_runs"("delivery_guid");

-- CreateIndex
CREATE INDEX "agent_runs_job_id_idx" ON "agent_runs"("job_id");

-- CreateIndex
CREATE INDEX "findings_installation_id_created_at_idx" ON "findings"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "findings_repository_id_rule_idx" ON "findings"("repository_id", "rule");

-- CreateIndex
CREATE INDEX "findings_run_id_idx" ON "findings"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "findings_repository_id_number_fingerprint_shadow_key" ON "findings"("repository_id", "number", "fingerprint", "shadow");

-- CreateIndex
CREATE INDEX "finding_feedback_installation_id_idx" ON "finding_feedback"("installation_id");

-- CreateIndex
CREATE UNIQUE INDEX "finding_feedback_repository_id_number_kind_reference_key" ON "finding_feedback"("repository_id", "number", "kind", "reference");

-- CreateIndex
CREATE INDEX "commands_installation_id_created_at_idx" ON "commands"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "commands_repository_id_number_status_idx" ON "commands"("repository_id", "number", "status");

-- CreateIndex
CREATE INDEX "repository_settings_installation_id_idx" ON "repository_settings"("installation_id");
