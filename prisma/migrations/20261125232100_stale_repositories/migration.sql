-- AlterTable
ALTER TABLE "sync_cursors" ADD COLUMN     "failed_since" TIMESTAMPTZ(3);
