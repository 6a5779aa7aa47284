-- AlterTable
ALTER TABLE "issues" ADD COLUMN     "alone_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "pull_requests" ADD COLUMN     "alone_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "sync_cursors_installation_id_repository_id_idx" ON "sync_cursors"("installation_id", "repository_id");
