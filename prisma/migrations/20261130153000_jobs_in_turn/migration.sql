-- What is claimed first of an installation's work: 0 live, 1 agents, 2 sync.
ALTER TABLE "jobs" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 1;
UPDATE "jobs" SET "priority" = CASE WHEN "name" = 'sync' THEN 2
  WHEN "name" IN ('command', 'refresh', 'push-commits', 'access') THEN 0 ELSE 1 END WHERE "status" = 'waiting';

-- A claim looks at the first due row of each installation that has work, and at no other: its cost does not grow with the backlog.
CREATE INDEX "jobs_in_turn" ON "jobs" ("queue", (COALESCE("installation_id", 0)), "priority", "run_at", "id") WHERE "status" = 'waiting';
CREATE INDEX "jobs_running" ON "jobs" ("queue", (COALESCE("installation_id", 0))) WHERE "status" = 'running';
