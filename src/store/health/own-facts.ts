import { z } from "zod";
import type { DriftFacts } from "../../health/checks/drift.js";
import type { InboxFacts, WorkerFacts } from "../../health/checks/own-parts.js";
import type { SyncFacts } from "../../health/checks/sync.js";
import { dueAt } from "../jobs/due.js";
import type { Sql } from "../store.js";

const count = z.coerce.number();
const seconds = z.coerce.number().nullable();
const Age = z.object({ count, seconds }).transform((row) => ({ ...row, seconds: Math.max(0, row.seconds ?? 0) }));

async function age(sql: Sql, text: string, now: Date) {
  const [row] = await sql.query(text, [now]);
  return Age.parse(row);
}

/** Jobs that could run now. */
export async function dueFacts(sql: Sql, now: Date): Promise<{ readonly due: number; readonly oldestSeconds: number }> {
  const found = await age(
    sql,
    `SELECT count(*) AS count, EXTRACT(epoch FROM $1 - min(run_at)) AS seconds FROM jobs WHERE ${dueAt("$1")}`,
    now,
  );
  return { due: found.count, oldestSeconds: found.seconds };
}

/** Work whose lease expired. */
export async function workerFacts(sql: Sql, now: Date): Promise<WorkerFacts> {
  const found = await age(
    sql,
    `SELECT count(*) AS count, EXTRACT(epoch FROM $1 - min(until)) AS seconds FROM (
       SELECT locked_until AS until FROM jobs WHERE status = 'running' AND locked_until < $1
       UNION ALL SELECT locked_until FROM deliveries WHERE status = 'processing' AND locked_until < $1) w`,
    now,
  );
  return { abandoned: found.count, oldestSeconds: found.seconds };
}

/** Deliveries that could be processed now. One that waits for its next attempt is not late. */
export async function inboxFacts(sql: Sql, now: Date): Promise<InboxFacts> {
  const found = await age(
    sql,
    `SELECT count(*) AS count, EXTRACT(epoch FROM $1 - min(since)) AS seconds FROM (
       SELECT received_at AS since FROM deliveries WHERE status IN ('received', 'processing')
       UNION ALL SELECT run_at FROM deliveries WHERE status = 'retry' AND run_at <= $1) w`,
    now,
  );
  return { waiting: found.count, oldestSeconds: found.seconds };
}

const Drift = z.object({ open: count, oldest: seconds, lost: count, given_up: count, compared: seconds });

export async function driftFacts(sql: Sql, now: Date): Promise<DriftFacts> {
  const [row] = await sql.query(
    `SELECT count(*) FILTER (WHERE status IN ('missing', 'asked', 'syncing')) AS open,
       EXTRACT(epoch FROM $1 - min(lost_at) FILTER (WHERE status IN ('missing', 'asked', 'syncing'))) AS oldest,
       count(*) FILTER (WHERE lost_at > $1 - interval '1 day') AS lost,
       count(*) FILTER (WHERE lost_at > $1 - interval '1 day' AND status = 'given-up') AS given_up,
       (SELECT EXTRACT(epoch FROM $1 - max(finished_at)) FROM jobs WHERE name = 'recovery' AND status = 'done') AS compared
     FROM drift_ledger WHERE lost_at > $1 - interval '30 days'`,
    [now],
  );
  const { open, oldest, lost, given_up: givenUp, compared } = Drift.parse(row);
  const comparedSeconds = compared === null ? null : Math.max(0, compared);
  return { open, oldestSeconds: Math.max(0, oldest ?? 0), lost, givenUp, comparedSeconds };
}

const Sync = z.object({
  complete: seconds,
  known: seconds,
  paused: z.string().nullable(),
});
const Stale = z.object({ name: z.string(), seconds: z.coerce.number() });

/**
 * A list that could not be read counts as complete since the start of its last successful reading in any run. A list
 * that was never read is as old as the first sync.
 */
const STALE = `
  WITH failed AS (SELECT DISTINCT repository_id, entity FROM sync_cursors
    WHERE installation_id = $1 AND status = 'failed' AND repository_id <> 0 AND error_kind IS DISTINCT FROM 'rate-limit'),
  known AS (SELECT repository_id, entity, failed_since, max(watermark) OVER (PARTITION BY repository_id, entity) AS read_to
    FROM sync_cursors JOIN failed USING (repository_id, entity) WHERE installation_id = $1),
  complete AS (SELECT repository_id, COALESCE(
      min(failed_since) FILTER (WHERE read_to IS NULL OR failed_since > read_to), min(read_to),
      (SELECT min(created_at) FROM sync_runs WHERE installation_id = $1), $2) AS until
    FROM known GROUP BY repository_id, entity)
  SELECT r.full_name AS name, GREATEST(0, EXTRACT(epoch FROM $2::timestamptz - min(c.until))) AS seconds
  FROM complete c JOIN repositories r ON r.id = c.repository_id AND r.installation_id = $1
  WHERE r.deleted_at IS NULL AND r.access_removed_at IS NULL GROUP BY r.id ORDER BY seconds DESC, name`;

/** The allowed age of an installation's mirror. */
export async function syncFacts(sql: Sql, installationId: bigint, now: Date): Promise<SyncFacts> {
  const [row] = await sql.query(
    `SELECT
       (SELECT EXTRACT(epoch FROM $2 - max(finished_at)) FROM sync_runs WHERE installation_id = $1
          AND mode <> 'spot' AND subject IS NULL AND status IN ('completed', 'completed-with-warnings')) AS complete,
       (SELECT EXTRACT(epoch FROM $2 - min(created_at)) FROM sync_runs WHERE installation_id = $1) AS known,
       (SELECT reason FROM sync_runs WHERE installation_id = $1 AND status = 'paused' ORDER BY id DESC LIMIT 1) AS paused`,
    [installationId, now],
  );
  const { complete, known, paused } = Sync.parse(row);
  const failing = (await sql.query(STALE, [installationId, now])).map((each) => Stale.parse(each));
  const completeSeconds = complete === null ? null : Math.max(0, complete);
  return { completeSeconds, knownSeconds: Math.max(0, known ?? 0), pausedReason: paused, failing };
}

const Installation = z.object({
  id: z.coerce.bigint(),
  account_login: z.string(),
  account_type: z.string(),
  suspended: z.boolean(),
});
export type KnownInstallation = z.infer<typeof Installation>;

/** Every current installation, including suspended ones. */
export async function knownInstallations(sql: Sql): Promise<readonly KnownInstallation[]> {
  const rows = await sql.query(
    "SELECT id, account_login, account_type, suspended_at IS NOT NULL AS suspended FROM installations WHERE deleted_at IS NULL ORDER BY id",
  );
  return rows.map((row) => Installation.parse(row));
}
