-- CreateTable
CREATE TABLE "triage_answers" (
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "yes" BOOLEAN NOT NULL,
    "by_login" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "triage_answers_pkey" PRIMARY KEY ("repository_id","number","kind","reference")
);

-- CreateIndex
CREATE INDEX "triage_answers_installation_id_created_at_idx" ON "triage_answers"("installation_id", "created_at");
