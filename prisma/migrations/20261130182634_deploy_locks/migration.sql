-- CreateTable
CREATE TABLE "deploy_locks" (
    "installation_id" BIGINT NOT NULL,
    "scope" TEXT NOT NULL,
    "repository_id" BIGINT,
    "fence" BIGINT NOT NULL DEFAULT 0,
    "kind" TEXT,
    "holder_login" TEXT,
    "reason" TEXT,
    "comment_id" BIGINT,
    "taken_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "deploy_comment_id" BIGINT,
    "deploy_sha" TEXT,
    "deploy_until" TIMESTAMPTZ(3),

    CONSTRAINT "deploy_locks_pkey" PRIMARY KEY ("installation_id","scope")
);

-- CreateIndex
CREATE INDEX "deploy_locks_repository_id_idx" ON "deploy_locks"("repository_id");
