-- CreateTable
CREATE TABLE "model_usage" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "purpose" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL DEFAULT 'asked',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_usage_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "model_usage_installation_id_created_at_idx" ON "model_usage"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "model_usage_repository_id_number_idx" ON "model_usage"("repository_id", "number");
