-- CreateTable
CREATE TABLE "drift_ledger" (
    "guid" TEXT NOT NULL,
    "installation_id" BIGINT,
    "repository_id" BIGINT,
    "event" TEXT NOT NULL,
    "action" TEXT,
    "cause" TEXT NOT NULL,
    "status_code" INTEGER NOT NULL,
    "detail" TEXT NOT NULL,
    "attempt_id" BIGINT NOT NULL,
    "lost_at" TIMESTAMPTZ(3) NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'missing',
    "asked" INTEGER NOT NULL DEFAULT 0,
    "asked_id" BIGINT,
    "asked_at" TIMESTAMPTZ(3),
    "sync_run_id" BIGINT,
    "healed_by" TEXT,
    "healed_at" TIMESTAMPTZ(3),
    "because" TEXT,

    CONSTRAINT "drift_ledger_pkey" PRIMARY KEY ("guid")
);

-- CreateIndex
CREATE INDEX "drift_ledger_status_lost_at_idx" ON "drift_ledger"("status", "lost_at");

-- CreateIndex
CREATE INDEX "drift_ledger_installation_id_lost_at_idx" ON "drift_ledger"("installation_id", "lost_at");
