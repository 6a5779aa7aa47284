-- CreateTable
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL,
    "event_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "subject" TEXT,
    "installation_id" BIGINT,
    "repository_id" BIGINT,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "data" JSONB,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_cursors" (
    "name" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "retry_at" TIMESTAMPTZ(3),
    "locked_by" TEXT,
    "locked_until" TIMESTAMPTZ(3),
    "moved_at" TIMESTAMPTZ(3),

    CONSTRAINT "event_cursors_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "event_dead_letters" (
    "id" BIGSERIAL NOT NULL,
    "sink" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "installation_id" BIGINT,
    "attempts" INTEGER NOT NULL,
    "error" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retried_at" TIMESTAMPTZ(3),

    CONSTRAINT "event_dead_letters_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "events_event_id_key" ON "events"("event_id");

-- CreateIndex
CREATE INDEX "events_time_idx" ON "events" USING BRIN ("time");

-- CreateIndex
CREATE UNIQUE INDEX "event_dead_letters_sink_event_id_key" ON "event_dead_letters"("sink", "event_id");

-- The bus begins with the next delivery; those before it are history.
INSERT INTO "event_cursors" ("name", "position") SELECT 'deliveries', COALESCE(max("id"), 0) FROM "deliveries";
