-- A delivery that comes in touches as few indexes as can be: what is not known of it yet is in none of them.
-- Prisma's schema cannot express partial indexes.

-- For retention, which reads whole days: a summary of pages, where rows lie in the order they came in.
DROP INDEX "deliveries_received_at_idx";
CREATE INDEX "deliveries_received_at_idx" ON "deliveries" USING BRIN ("received_at");

-- For workers and the sweeper: only what is left to do.
DROP INDEX "deliveries_status_run_at_received_at_idx";
CREATE INDEX "deliveries_unfinished" ON "deliveries"("received_at", "id")
    WHERE "status" IN ('received', 'processing', 'retry');

DROP INDEX "deliveries_installation_id_received_at_idx";
CREATE INDEX "deliveries_of_installation" ON "deliveries"("installation_id", "received_at")
    WHERE "installation_id" IS NOT NULL;

DROP INDEX "deliveries_repository_id_subject_idx";
CREATE INDEX "deliveries_of_subject" ON "deliveries"("repository_id", "subject") WHERE "repository_id" IS NOT NULL;

-- Bodies come compressed: PostgreSQL must not try again.
ALTER TABLE "delivery_bodies" ALTER COLUMN "body" SET STORAGE EXTERNAL;

-- For alerts: the dead letters of the last day.
CREATE INDEX "deliveries_failed" ON "deliveries"("processed_at") WHERE "status" = 'failed';
