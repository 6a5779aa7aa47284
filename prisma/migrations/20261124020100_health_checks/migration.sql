-- CreateTable
CREATE TABLE "health_checks" (
    "scope" TEXT NOT NULL,
    "check" TEXT NOT NULL,
    "installation_id" BIGINT,
    "state" TEXT NOT NULL,
    "alert" BOOLEAN NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "remedy" TEXT,
    "value" DOUBLE PRECISION,
    "pending_state" TEXT,
    "pending_alert" BOOLEAN,
    "pending_reason" TEXT,
    "unread_because" TEXT,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "health_checks_pkey" PRIMARY KEY ("scope","check")
);

-- CreateIndex
CREATE INDEX "health_checks_installation_id_idx" ON "health_checks"("installation_id");
