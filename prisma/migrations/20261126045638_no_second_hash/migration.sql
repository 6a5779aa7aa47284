-- AlterTable
ALTER TABLE "deliveries" DROP COLUMN "body_sha256";
