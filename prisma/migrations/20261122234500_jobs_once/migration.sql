-- One piece of work (name, key) waits at most once and runs at most once. Prisma's schema cannot express partial indexes.
CREATE UNIQUE INDEX IF NOT EXISTS "jobs_waiting_key" ON "jobs"("name", "key") WHERE status = 'waiting';
CREATE UNIQUE INDEX IF NOT EXISTS "jobs_running_key" ON "jobs"("name", "key") WHERE status = 'running';
