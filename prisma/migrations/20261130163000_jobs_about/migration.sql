-- What a job is about, as columns: nobody reads it out of the payload.
ALTER TABLE "jobs" ADD COLUMN "repository_id" BIGINT, ADD COLUMN "number" INTEGER;
UPDATE "jobs" SET
  "repository_id" = CASE WHEN "payload"->>'repositoryId' ~ '^[0-9]{1,18}$' THEN ("payload"->>'repositoryId')::bigint END,
  "number" = CASE WHEN "payload"->>'number' ~ '^[0-9]{1,9}$' THEN ("payload"->>'number')::int END
  WHERE "status" IN ('waiting', 'running');
