-- AlterTable
ALTER TABLE "sync_cursors" ADD COLUMN     "mark" TEXT;
