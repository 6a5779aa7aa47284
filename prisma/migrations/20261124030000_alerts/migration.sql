-- CreateTable
CREATE TABLE "alerts" (
    "id" BIGSERIAL NOT NULL,
    "installation_id" BIGINT,
    "dedupe_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "remedy" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "occurrences" INTEGER NOT NULL DEFAULT 1,
    "reopened" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_because" TEXT,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_notices" (
    "alert_id" BIGINT NOT NULL,
    "sink" TEXT NOT NULL,
    "installation_id" BIGINT,
    "said" TEXT,
    "said_at" TIMESTAMPTZ(3),
    "times" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "locked_until" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "alert_notices_pkey" PRIMARY KEY ("alert_id","sink")
);

-- CreateIndex
CREATE INDEX "alerts_installation_id_opened_at_idx" ON "alerts"("installation_id", "opened_at");

-- CreateIndex
CREATE INDEX "alerts_status_resolved_at_idx" ON "alerts"("status", "resolved_at");

-- CreateIndex
CREATE INDEX "alerts_dedupe_key_id_idx" ON "alerts"("dedupe_key", "id");

-- CreateIndex
CREATE INDEX "alert_notices_installation_id_idx" ON "alert_notices"("installation_id");

-- One open row an incident. Prisma has no words for partial indexes.
CREATE UNIQUE INDEX "alerts_one_open" ON "alerts" ("dedupe_key") WHERE "status" = 'open';
