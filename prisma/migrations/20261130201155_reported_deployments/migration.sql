-- CreateTable
CREATE TABLE "reported_deployments" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "external_id" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "sha" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "service" TEXT,
    "hotfix" BOOLEAN NOT NULL DEFAULT false,
    "fixes" TEXT,
    "url" TEXT,
    "reported_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state_at" TIMESTAMPTZ(3) NOT NULL,
    "succeeded_at" TIMESTAMPTZ(3),

    CONSTRAINT "reported_deployments_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reported_deployments_installation_id_idx" ON "reported_deployments"("installation_id");

-- CreateIndex
CREATE UNIQUE INDEX "reported_deployments_repository_id_external_id_key" ON "reported_deployments"("repository_id", "external_id");
