-- CreateTable
CREATE TABLE "issue_openings" (
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "author_login" TEXT,
    "author_association" TEXT,
    "terms" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "filed" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "issue_openings_pkey" PRIMARY KEY ("repository_id","number")
);

-- CreateTable
CREATE TABLE "label_acts" (
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "label_id" BIGINT NOT NULL,
    "label" TEXT NOT NULL,
    "added" BOOLEAN NOT NULL,
    "by_login" TEXT,
    "by_bot" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "label_acts_pkey" PRIMARY KEY ("repository_id","number","label_id","at","added")
);

-- CreateTable
CREATE TABLE "label_models" (
    "repository_id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "model" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "trained_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "label_models_pkey" PRIMARY KEY ("repository_id")
);

-- CreateIndex
CREATE INDEX "issue_openings_installation_id_created_at_idx" ON "issue_openings"("installation_id", "created_at");

-- CreateIndex
CREATE INDEX "issue_openings_terms_idx" ON "issue_openings" USING GIN ("terms");

-- CreateIndex
CREATE INDEX "label_acts_installation_id_idx" ON "label_acts"("installation_id");

-- CreateIndex
CREATE INDEX "label_models_installation_id_idx" ON "label_models"("installation_id");
