import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Sql } from "../store.js";

export const DRIFT_CAUSES = ["not-delivered", "acknowledged-then-lost"] as const;
export type DriftCause = (typeof DRIFT_CAUSES)[number];

/** A delivery in GitHub's list that is not stored. */
export interface LostDelivery {
  readonly guid: string;
  /** The latest attempt in GitHub's list; a redelivery has a new id. */
  readonly attemptId: bigint;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
  readonly cause: DriftCause;
  /** The receiver's status according to GitHub; 0 without an answer. */
  readonly statusCode: number;
  /** The same as text. */
  readonly detail: string;
  /** When GitHub first tried. */
  readonly lostAt: Date;
}

/** Those of the GUIDs that have no row in `deliveries`. */
export async function missingGuids(sql: Sql, guids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `SELECT g.guid FROM unnest($1::text[]) AS g(guid)
     WHERE NOT EXISTS (SELECT FROM deliveries d WHERE d.guid = g.guid)`,
    [guids],
    "drift-missing",
  );
  return new Set(rows.map((row) => String(row["guid"])));
}

/** A later attempt than the last request shows the result of that request. Settled losses do not change. */
const RECORD = `
  INSERT INTO drift_ledger (guid, attempt_id, event, action, installation_id, repository_id, cause, status_code, detail,
                            lost_at, found_at)
  SELECT guid, attempt_id, event, action, installation_id, repository_id, cause, status_code, detail, lost_at, $2
  FROM jsonb_to_recordset($1::jsonb) AS r(guid text, attempt_id bigint, event text, action text, installation_id bigint,
    repository_id bigint, cause text, status_code int, detail text, lost_at timestamptz)
  ON CONFLICT (guid) DO UPDATE SET attempt_id = excluded.attempt_id, status_code = excluded.status_code,
    detail = excluded.detail, lost_at = LEAST(drift_ledger.lost_at, excluded.lost_at)
    WHERE drift_ledger.status IN ('missing', 'asked') AND excluded.attempt_id > drift_ledger.attempt_id
  RETURNING xmax = 0 AS inserted`;

const BATCH = 1_000;

/**
 * Records losses, each once.
 * @returns how many are new.
 */
export async function recordLosses(sql: Sql, lost: readonly LostDelivery[], now: Date): Promise<number> {
  let found = 0;
  for (let at = 0; at < lost.length; at += BATCH) {
    const records = lost.slice(at, at + BATCH).map((each) => ({
      guid: each.guid,
      attempt_id: String(each.attemptId),
      event: each.event,
      action: each.action,
      installation_id: each.installationId === null ? null : String(each.installationId),
      repository_id: each.repositoryId === null ? null : String(each.repositoryId),
      cause: each.cause,
      status_code: each.statusCode,
      detail: each.detail,
      lost_at: each.lostAt.toISOString(),
    }));
    const rows = await sql.query(RECORD, [storableJson(records), now]);
    found += rows.filter((row) => row["inserted"] === true).length;
  }
  return found;
}

const Askable = z.object({ guid: z.string(), attempt_id: z.coerce.bigint() });
export type Askable = z.infer<typeof Askable>;

export interface AskRules {
  readonly now: Date;
  /** The most redeliveries of one delivery. */
  readonly times: number;
  /** GitHub does not redeliver older deliveries. */
  readonly redeliverableMs: number;
  /** After this time a requested redelivery that GitHub does not list is requested again. */
  readonly unseenMs: number;
}

/** Losses that a redelivery may recover: not requested yet, or the redelivery failed as well. Oldest first. */
export async function askable(sql: Sql, rules: AskRules, limit: number): Promise<readonly Askable[]> {
  const { now, times, redeliverableMs, unseenMs } = rules;
  const rows = await sql.query(
    `SELECT guid, attempt_id FROM drift_ledger
     WHERE status IN ('missing', 'asked') AND asked < $2 AND status_code <> 413
       AND lost_at > $1::timestamptz - $3::bigint * interval '1 ms'
       AND (asked_id IS NULL OR attempt_id > asked_id OR asked_at < $1::timestamptz - $4::bigint * interval '1 ms')
     ORDER BY lost_at, guid LIMIT $5`,
    [now, times, redeliverableMs, unseenMs, limit],
  );
  return rows.map((row) => Askable.parse(row));
}

/** Counted before the request: a crash in between loses one try, and never adds one. */
export async function countAsk(sql: Sql, { guid, attempt_id }: Askable, now: Date): Promise<void> {
  await sql.query(
    `UPDATE drift_ledger SET status = CASE WHEN status = 'healed' THEN status ELSE 'asked' END, asked = asked + 1, asked_id = $2, asked_at = $3 WHERE guid = $1`,
    [guid, attempt_id, now],
  );
}

/** The request did not reach GitHub, so the try is returned. */
export async function returnAsk(sql: Sql, guid: string): Promise<void> {
  await sql.query("UPDATE drift_ledger SET asked = asked - 1, asked_id = NULL WHERE guid = $1", [guid]);
}

/** GitHub refuses to redeliver: the repository must be read instead. */
export async function refuseAsk(sql: Sql, guid: string, reason: string): Promise<void> {
  await sql.query(`UPDATE drift_ledger SET status = 'syncing', reason = $2 WHERE guid = $1`, [guid, reason]);
}

/**
 * Losses that arrived after all.
 * @returns how many.
 */
export async function settleArrived(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `UPDATE drift_ledger l SET status = 'healed', healed_by = 'redelivery', healed_at = d.received_at
     FROM deliveries d WHERE d.guid = l.guid AND l.status IN ('missing', 'asked', 'syncing') RETURNING 1`,
  );
  return rows.length;
}
