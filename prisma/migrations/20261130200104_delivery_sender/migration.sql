-- AlterTable
ALTER TABLE "deliveries" ADD COLUMN     "sender_login" TEXT;
