-- One word for one thing: every column and key that says why is called "reason".
ALTER TABLE "effects" RENAME COLUMN "because" TO "reason";
ALTER TABLE "sync_runs" RENAME COLUMN "because" TO "reason";
ALTER TABLE "agent_runs" RENAME COLUMN "because" TO "reason";
ALTER TABLE "commands" RENAME COLUMN "because" TO "reason";
ALTER TABLE "drift_ledger" RENAME COLUMN "because" TO "reason";
ALTER TABLE "health_checks" RENAME COLUMN "unread_because" TO "unread_reason";
ALTER TABLE "alerts" RENAME COLUMN "resolved_because" TO "resolved_reason";
ALTER TABLE "installations" RENAME COLUMN "writes_paused_because" TO "writes_paused_reason";
UPDATE "agent_runs" SET "decision" = replace("decision"::text, '"because":', '"reason":')::jsonb WHERE "decision"::text LIKE '%"because":%';
UPDATE "effects" SET "request" = replace("request"::text, '"because":', '"reason":')::jsonb WHERE "request"::text LIKE '%"because":%';
UPDATE "sync_runs" SET "warnings" = replace("warnings"::text, '"because":', '"reason":')::jsonb WHERE "warnings"::text LIKE '%"because":%';
UPDATE "deliveries" SET "outcome" = replace("outcome"::text, '"because":', '"reason":')::jsonb WHERE "outcome"::text LIKE '%"because":%';
UPDATE "app_settings" SET "value" = jsonb_build_object('reason', "value"->>'because') WHERE "value" ? 'because';
UPDATE "sync_cursors" SET "status" = 'excluded' WHERE "status" = 'left-alone';
