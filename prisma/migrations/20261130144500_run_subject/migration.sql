-- A run is about a pull request, an issue, a deployment or a commit: `pull_request:12`, `issue:3`, `deployment:77`, `commit:<sha>`.
ALTER TABLE "agent_runs" ADD COLUMN "subject" TEXT;
UPDATE "agent_runs" SET
  "subject" = CASE WHEN "skipped" = 'merge-queue' THEN 'commit:' || coalesce("head_sha", '')
    WHEN "number" IS NULL THEN 'commit:' || coalesce("head_sha", '') ELSE 'pull_request:' || "number" END,
  "agent" = CASE WHEN "skipped" = 'merge-queue' THEN 'merge-group' ELSE "agent" END;
ALTER TABLE "agent_runs" ALTER COLUMN "subject" SET NOT NULL;
DROP INDEX "agent_runs_repository_id_agent_number_id_idx";
CREATE INDEX "agent_runs_repository_id_agent_subject_id_idx" ON "agent_runs"("repository_id", "agent", "subject", "id");
CREATE INDEX "agent_runs_repository_id_number_id_idx" ON "agent_runs"("repository_id", "number", "id");
