-- AlterTable
ALTER TABLE "installations" ADD COLUMN     "writes_paused_because" TEXT;
