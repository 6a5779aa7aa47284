-- One piece of work, one row that waits and one that runs: what came in while it ran waits for its turn. Prisma has no
-- words for partial indexes.
CREATE UNIQUE INDEX "jobs_one_waiting" ON "jobs" ("name", "key") WHERE "status" = 'waiting';
CREATE UNIQUE INDEX "jobs_one_running" ON "jobs" ("name", "key") WHERE "status" = 'running';
