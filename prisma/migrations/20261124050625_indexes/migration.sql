-- DropIndex
DROP INDEX "deployments_installation_id_repository_id_environment_creat_idx";

-- DropIndex
DROP INDEX "issue_comments_installation_id_repository_id_issue_number_idx";

-- DropIndex
DROP INDEX "labels_installation_id_repository_id_idx";

-- DropIndex
DROP INDEX "releases_installation_id_repository_id_published_at_idx";

-- CreateIndex
CREATE INDEX "deployments_repository_id_environment_created_at_idx" ON "deployments"("repository_id", "environment", "created_at");

-- CreateIndex
CREATE INDEX "issue_comments_repository_id_issue_number_idx" ON "issue_comments"("repository_id", "issue_number");

-- CreateIndex
CREATE INDEX "jobs_name_finished_at_idx" ON "jobs"("name", "finished_at");

-- CreateIndex
CREATE INDEX "labels_repository_id_idx" ON "labels"("repository_id");

-- CreateIndex
CREATE INDEX "releases_repository_id_published_at_idx" ON "releases"("repository_id", "published_at");

-- Replays of a delivery, for its story. Prisma's schema cannot express partial indexes.
CREATE INDEX "deliveries_duplicate_of" ON "deliveries"("duplicate_of") WHERE "duplicate_of" IS NOT NULL;

-- The same as jobs_one_waiting and jobs_one_running.
DROP INDEX "jobs_waiting_key";
DROP INDEX "jobs_running_key";
