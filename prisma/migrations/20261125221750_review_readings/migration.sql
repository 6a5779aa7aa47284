-- CreateTable
CREATE TABLE "review_readings" (
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "read_by" TEXT NOT NULL,
    "files" TEXT NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_readings_pkey" PRIMARY KEY ("repository_id","number")
);

-- CreateIndex
CREATE INDEX "review_readings_installation_id_idx" ON "review_readings"("installation_id");
