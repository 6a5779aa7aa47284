-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "installations" (
    "id" BIGINT NOT NULL,
    "account_id" BIGINT,
    "account_login" TEXT NOT NULL,
    "account_type" TEXT NOT NULL,
    "app_id" BIGINT,
    "repository_selection" TEXT,
    "permissions" JSONB NOT NULL DEFAULT '{}',
    "events" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "suspended_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "purge_after" TIMESTAMPTZ(3),
    "writes_paused_at" TIMESTAMPTZ(3),
    "allow_repositories" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "deny_repositories" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "installations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repositories" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "owner_login" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "full_name" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL DEFAULT true,
    "visibility" TEXT,
    "default_branch" TEXT,
    "description" TEXT,
    "archived" BOOLEAN NOT NULL DEFAULT false,
    "disabled" BOOLEAN NOT NULL DEFAULT false,
    "fork" BOOLEAN NOT NULL DEFAULT false,
    "pushed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "access_removed_at" TIMESTAMPTZ(3),
    "access_updated_at" TIMESTAMPTZ(3),

    CONSTRAINT "repositories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT,
    "node_id" TEXT,
    "login" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pull_requests" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT,
    "state" TEXT NOT NULL,
    "draft" BOOLEAN NOT NULL DEFAULT false,
    "locked" BOOLEAN NOT NULL DEFAULT false,
    "author_id" BIGINT,
    "author_login" TEXT,
    "author_association" TEXT,
    "head_ref" TEXT NOT NULL,
    "head_sha" TEXT NOT NULL,
    "head_repository_id" BIGINT,
    "base_ref" TEXT NOT NULL,
    "base_sha" TEXT NOT NULL,
    "merge_commit_sha" TEXT,
    "merged" BOOLEAN NOT NULL DEFAULT false,
    "merged_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "core_updated_at" TIMESTAMPTZ(3) NOT NULL,
    "details_updated_at" TIMESTAMPTZ(3),
    "merged_by_id" BIGINT,
    "merged_by_login" TEXT,
    "additions" INTEGER,
    "deletions" INTEGER,
    "changed_files" INTEGER,
    "commits" INTEGER,
    "content_hash" TEXT NOT NULL,
    "details_hash" TEXT,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "pull_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pull_request_labels" (
    "installation_id" BIGINT NOT NULL,
    "pull_request_id" BIGINT NOT NULL,
    "label_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "pull_request_labels_pkey" PRIMARY KEY ("pull_request_id","label_id")
);

-- CreateTable
CREATE TABLE "review_requests" (
    "installation_id" BIGINT NOT NULL,
    "pull_request_id" BIGINT NOT NULL,
    "reviewer_type" TEXT NOT NULL,
    "reviewer_id" BIGINT NOT NULL,
    "reviewer_name" TEXT NOT NULL,

    CONSTRAINT "review_requests_pkey" PRIMARY KEY ("pull_request_id","reviewer_type","reviewer_id")
);

-- CreateTable
CREATE TABLE "reviews" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "pull_request_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "author_id" BIGINT,
    "author_login" TEXT,
    "state" TEXT NOT NULL,
    "body" TEXT,
    "commit_id" TEXT,
    "submitted_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "issues" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT,
    "state" TEXT NOT NULL,
    "state_reason" TEXT,
    "locked" BOOLEAN NOT NULL DEFAULT false,
    "author_id" BIGINT,
    "author_login" TEXT,
    "author_association" TEXT,
    "milestone" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "transferred_to" TEXT,

    CONSTRAINT "issues_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "issue_labels" (
    "installation_id" BIGINT NOT NULL,
    "issue_id" BIGINT NOT NULL,
    "label_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "issue_labels_pkey" PRIMARY KEY ("issue_id","label_id")
);

-- CreateTable
CREATE TABLE "assignees" (
    "installation_id" BIGINT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "login" TEXT NOT NULL,

    CONSTRAINT "assignees_pkey" PRIMARY KEY ("subject_type","subject_id","user_id")
);

-- CreateTable
CREATE TABLE "issue_comments" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "issue_number" INTEGER NOT NULL,
    "author_id" BIGINT,
    "author_login" TEXT,
    "author_association" TEXT,
    "body" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "issue_comments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pushes" (
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "ref" TEXT NOT NULL,
    "ref_type" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "forced" BOOLEAN NOT NULL DEFAULT false,
    "commit_count" INTEGER NOT NULL,
    "truncated" BOOLEAN NOT NULL DEFAULT false,
    "pusher_login" TEXT,
    "head_sha" TEXT,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pushes_pkey" PRIMARY KEY ("repository_id","ref","before","after","pushed_at")
);

-- CreateTable
CREATE TABLE "commits" (
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "sha" TEXT NOT NULL,
    "tree_sha" TEXT,
    "message" TEXT NOT NULL,
    "author_name" TEXT,
    "author_email" TEXT,
    "author_login" TEXT,
    "committer_login" TEXT,
    "authored_at" TIMESTAMPTZ(3),
    "committed_at" TIMESTAMPTZ(3),
    "added" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "modified" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "removed" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "commits_pkey" PRIMARY KEY ("repository_id","sha")
);

-- CreateTable
CREATE TABLE "deployments" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "sha" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "original_environment" TEXT,
    "production_environment" BOOLEAN,
    "transient_environment" BOOLEAN,
    "description" TEXT,
    "creator_id" BIGINT,
    "creator_login" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "deployments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_statuses" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "deployment_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "state" TEXT NOT NULL,
    "description" TEXT,
    "environment" TEXT,
    "target_url" TEXT,
    "log_url" TEXT,
    "environment_url" TEXT,
    "creator_login" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "deployment_statuses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "releases" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "tag_name" TEXT NOT NULL,
    "name" TEXT,
    "body" TEXT,
    "draft" BOOLEAN NOT NULL,
    "prerelease" BOOLEAN NOT NULL,
    "target_commitish" TEXT,
    "author_id" BIGINT,
    "author_login" TEXT,
    "created_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "content_hash" TEXT NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "releases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "labels" (
    "id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "node_id" TEXT,
    "name" TEXT NOT NULL,
    "color" TEXT,
    "description" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "labels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" BIGSERIAL NOT NULL,
    "guid" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "action" TEXT,
    "hook_id" TEXT,
    "target_type" TEXT,
    "target_id" TEXT,
    "user_agent" TEXT,
    "content_type" TEXT NOT NULL,
    "body_sha256" BYTEA NOT NULL,
    "body_bytes" INTEGER NOT NULL,
    "dedupe_key" BYTEA,
    "duplicate_of" TEXT,
    "redeliveries" INTEGER NOT NULL DEFAULT 0,
    "installation_id" BIGINT,
    "repository_id" BIGINT,
    "subject" TEXT,
    "status" TEXT NOT NULL DEFAULT 'received',
    "reason" TEXT,
    "outcome" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error_kind" TEXT,
    "error" TEXT,
    "run_at" TIMESTAMPTZ(3),
    "locked_until" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),
    "trace_id" TEXT,

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_bodies" (
    "guid" TEXT NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "delivery_bodies_pkey" PRIMARY KEY ("guid")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT,
    "delivery_guid" TEXT,
    "queue" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "max_attempts" INTEGER NOT NULL,
    "run_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "locked_until" TIMESTAMPTZ(3),
    "locked_by" TEXT,
    "reason" TEXT,
    "error_kind" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "trace_id" TEXT,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "effects" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT,
    "job_id" BIGINT,
    "delivery_guid" TEXT,
    "intent" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "because" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'intended',
    "github_id" TEXT,
    "github_url" TEXT,
    "error_kind" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "effects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_settings_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "repositories_installation_id_full_name_idx" ON "repositories"("installation_id", "full_name");

-- CreateIndex
CREATE INDEX "users_login_idx" ON "users"("login");

-- CreateIndex
CREATE INDEX "pull_requests_repository_id_number_idx" ON "pull_requests"("repository_id", "number");

-- CreateIndex
CREATE INDEX "pull_requests_installation_id_state_updated_at_idx" ON "pull_requests"("installation_id", "state", "updated_at");

-- CreateIndex
CREATE INDEX "pull_request_labels_installation_id_idx" ON "pull_request_labels"("installation_id");

-- CreateIndex
CREATE INDEX "review_requests_installation_id_idx" ON "review_requests"("installation_id");

-- CreateIndex
CREATE INDEX "reviews_installation_id_pull_request_id_idx" ON "reviews"("installation_id", "pull_request_id");

-- CreateIndex
CREATE INDEX "issues_repository_id_number_idx" ON "issues"("repository_id", "number");

-- CreateIndex
CREATE INDEX "issues_installation_id_state_updated_at_idx" ON "issues"("installation_id", "state", "updated_at");

-- CreateIndex
CREATE INDEX "issue_labels_installation_id_idx" ON "issue_labels"("installation_id");

-- CreateIndex
CREATE INDEX "assignees_installation_id_idx" ON "assignees"("installation_id");

-- CreateIndex
CREATE INDEX "issue_comments_installation_id_repository_id_issue_number_idx" ON "issue_comments"("installation_id", "repository_id", "issue_number");

-- CreateIndex
CREATE INDEX "pushes_installation_id_repository_id_pushed_at_idx" ON "pushes"("installation_id", "repository_id", "pushed_at");

-- CreateIndex
CREATE INDEX "commits_installation_id_repository_id_committed_at_idx" ON "commits"("installation_id", "repository_id", "committed_at");

-- CreateIndex
CREATE INDEX "deployments_installation_id_repository_id_environment_creat_idx" ON "deployments"("installation_id", "repository_id", "environment", "created_at");

-- CreateIndex
CREATE INDEX "deployment_statuses_installation_id_deployment_id_created_a_idx" ON "deployment_statuses"("installation_id", "deployment_id", "created_at");

-- CreateIndex
CREATE INDEX "releases_installation_id_repository_id_published_at_idx" ON "releases"("installation_id", "repository_id", "published_at");

-- CreateIndex
CREATE INDEX "labels_installation_id_repository_id_idx" ON "labels"("installation_id", "repository_id");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_guid_key" ON "deliveries"("guid");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_dedupe_key_key" ON "deliveries"("dedupe_key");

-- CreateIndex
CREATE INDEX "deliveries_status_run_at_received_at_idx" ON "deliveries"("status", "run_at", "received_at");

-- CreateIndex
CREATE INDEX "deliveries_installation_id_received_at_idx" ON "deliveries"("installation_id", "received_at");

-- CreateIndex
CREATE INDEX "deliveries_repository_id_subject_idx" ON "deliveries"("repository_id", "subject");

-- CreateIndex
CREATE INDEX "deliveries_received_at_idx" ON "deliveries"("received_at");

-- CreateIndex
CREATE INDEX "jobs_status_run_at_idx" ON "jobs"("status", "run_at");

-- CreateIndex
CREATE INDEX "jobs_installation_id_created_at_idx" ON "jobs"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "jobs_delivery_guid_idx" ON "jobs"("delivery_guid");

-- CreateIndex
CREATE UNIQUE INDEX "effects_intent_key" ON "effects"("intent");

-- CreateIndex
CREATE INDEX "effects_installation_id_created_at_idx" ON "effects"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "effects_delivery_guid_idx" ON "effects"("delivery_guid");

-- CreateIndex
CREATE INDEX "effects_job_id_idx" ON "effects"("job_id");

-- CreateIndex
CREATE INDEX "effects_repository_id_target_idx" ON "effects"("repository_id", "target");
