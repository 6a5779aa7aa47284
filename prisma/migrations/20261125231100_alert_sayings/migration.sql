-- AlterTable
ALTER TABLE "alert_notices" ADD COLUMN     "said_severity" TEXT;

-- AlterTable
ALTER TABLE "alerts" ADD COLUMN     "lapsed" BOOLEAN NOT NULL DEFAULT false;

-- What was told before counts as told at the severity that the incident has now.
UPDATE "alert_notices" n SET "said_severity" = a."severity" FROM "alerts" a WHERE a."id" = n."alert_id" AND n."said" IS NOT NULL;
