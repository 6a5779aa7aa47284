import { z } from "zod";
import type { Sql } from "../store.js";
import type { AskRules } from "./ledger.js";

/** Losses that no redelivery can recover: too old, too large, or still missing after the last one. */
const NOT_REDELIVERABLE = `
  UPDATE drift_ledger SET status = 'syncing', reason = CASE
      WHEN status_code = 413 THEN 'the body is too big to be delivered'
      WHEN lost_at <= $1::timestamptz - $3::bigint * interval '1 ms' THEN 'GitHub repeats no delivery that old'
      ELSE 'still missing after ' || asked || ' redeliveries' END
  WHERE status IN ('missing', 'asked') AND (status_code = 413
    OR lost_at <= $1::timestamptz - $3::bigint * interval '1 ms'
    OR asked >= $2 AND (asked_id IS NULL OR attempt_id > asked_id OR asked_at < $1::timestamptz - $4::bigint * interval '1 ms'))
  RETURNING 1`;

/**
 * Gives up on redeliveries.
 * @returns for how many.
 */
export async function giveUpAsking(sql: Sql, { now, times, redeliverableMs, unseenMs }: AskRules): Promise<number> {
  return (await sql.query(NOT_REDELIVERABLE, [now, times, redeliverableMs, unseenMs])).length;
}

const bigint = z.coerce.bigint();
const Unread = z.object({
  installation_id: bigint.nullable(),
  known: z.boolean(),
  active: z.boolean(),
  repository: z.string().nullable(),
  guids: z.array(z.string()),
  oldest: z.date(),
});
/** Losses that one sync can recover. */
export type Unread = z.infer<typeof Unread>;

/** Losses that wait for a sync and have none running, by repository. An inaccessible repository has no name. */
export async function unreadLosses(sql: Sql): Promise<readonly Unread[]> {
  const rows = await sql.query(
    `SELECT l.installation_id, i.id IS NOT NULL AS known, COALESCE(i.deleted_at IS NULL AND i.suspended_at IS NULL, false) AS active,
       r.full_name AS repository, array_agg(l.guid) AS guids, min(l.lost_at) AS oldest
     FROM drift_ledger l LEFT JOIN installations i ON i.id = l.installation_id
     LEFT JOIN repositories r ON r.id = l.repository_id AND r.installation_id = l.installation_id
       AND r.deleted_at IS NULL AND r.access_removed_at IS NULL
     WHERE l.status = 'syncing' AND l.sync_run_id IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 4`,
  );
  return rows.map((row) => Unread.parse(row));
}

export async function beginReading(sql: Sql, guids: readonly string[], runId: bigint): Promise<void> {
  await sql.query("UPDATE drift_ledger SET sync_run_id = $2 WHERE guid = ANY ($1::text[])", [guids, runId]);
}

/** Stores the reason why they cannot be read. */
export async function giveUpLosses(sql: Sql, guids: readonly string[], reason: string): Promise<void> {
  await sql.query(
    `UPDATE drift_ledger SET status = 'given-up', reason = reason || '; ' || $2 WHERE guid = ANY ($1::text[])`,
    [guids, reason],
  );
}

/**
 * A successful sync recovers its losses; a failed one is repeated; losses that may not be read are given up with the
 * reason.
 * @returns how many were recovered.
 */
export async function settleRead(sql: Sql): Promise<number> {
  await sql.query(
    `UPDATE drift_ledger l SET status = 'given-up', reason = concat_ws('; ', l.reason, c.error)
     FROM sync_cursors c WHERE c.run_id = l.sync_run_id AND l.status = 'syncing' AND c.repository_id = 0
       AND c.entity = 'subject' AND c.status = 'excluded'`,
  );
  await sql.query(
    `UPDATE drift_ledger l SET sync_run_id = NULL FROM sync_runs s
     WHERE s.id = l.sync_run_id AND l.status = 'syncing' AND s.status IN ('failed', 'cancelled')`,
  );
  const rows = await sql.query(
    `UPDATE drift_ledger l SET status = 'healed', healed_by = 'sync', healed_at = s.finished_at FROM sync_runs s
     WHERE s.id = l.sync_run_id AND l.status = 'syncing' AND s.status IN ('completed', 'completed-with-warnings')
     RETURNING 1`,
  );
  return rows.length;
}
