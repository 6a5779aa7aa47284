import { z } from "zod";
import type { Sql } from "../store.js";
import { expiredAt, heldBy } from "../work/hold.js";

/** A delivery that this process holds until its lease expires. */
export type ClaimedDelivery = z.infer<typeof Claimed>;

export interface ClaimDeliveries {
  /** Only these rows; null: all due rows. */
  readonly ids: readonly string[] | null;
  readonly limit: number;
  readonly now: Date;
  readonly leaseMs: number;
  /** The token of this claim: only its holder may renew, release or end the rows. */
  readonly token: string;
}

const Claimed = z.object({
  id: z.string(),
  guid: z.string(),
  event: z.string(),
  /** Including this one. */
  attempts: z.int(),
  body_bytes: z.int(),
  token: z.string(),
});

/**
 * The condition for deliveries that are due at `at`: new and received by `receivedBy`, retry time reached, or lease
 * expired. The only definition of 'due'.
 */
const dueAt = (at: string, receivedBy: string): string => `(
  (status = 'received' AND received_at <= ${receivedBy})
  OR (status = 'retry' AND run_at <= ${at})
  OR (${expiredAt("deliveries", at)}))`;

const CLAIM = (which: string): string => `
  UPDATE deliveries SET status = 'processing', attempts = attempts + 1, locked_by = $4,
    locked_until = $1::timestamptz + $2::int * interval '1 ms'
  WHERE id IN (
    SELECT id FROM deliveries WHERE ${dueAt("$1::timestamptz", "'infinity'")} ${which}
    ORDER BY received_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING id::text AS id, guid, event, attempts, body_bytes, locked_by AS token`;

const CLAIM_THESE = CLAIM("AND id = ANY ($5::bigint[])");
const CLAIM_ANY = CLAIM("");

/** Claims due deliveries, oldest first, each for one process at a time, and counts an attempt for each. */
export async function claimDeliveries(sql: Sql, claim: ClaimDeliveries): Promise<readonly ClaimedDelivery[]> {
  const { ids, limit, now, leaseMs, token } = claim;
  const rows =
    ids === null
      ? await sql.query(CLAIM_ANY, [now, leaseMs, limit, token])
      : await sql.query(CLAIM_THESE, [now, leaseMs, limit, token, ids]);
  return rows.map((row) => Claimed.parse(row)).sort((a, b) => Number(a.id) - Number(b.id));
}

/**
 * Releases claimed deliveries that were not begun, as if they had never been claimed. Deliveries that another claim
 * holds stay.
 */
export async function releaseDeliveries(sql: Sql, ids: readonly string[], token: string): Promise<void> {
  await sql.query(
    `UPDATE deliveries SET status = 'received', attempts = attempts - 1, locked_until = NULL, locked_by = NULL
     WHERE id = ANY ($1::bigint[]) AND ${heldBy("deliveries", "$2")}`,
    [ids, token],
  );
}

export interface DueDeliveries {
  readonly now: Date;
  /** A younger delivery still has its own wake-up. */
  readonly graceMs: number;
  readonly limit: number;
}

const FIND_DUE = `SELECT id::text AS id FROM deliveries WHERE ${dueAt("$1::timestamptz", "$2::timestamptz")}
  ORDER BY received_at, id LIMIT $3`;

/** Ids of due deliveries that no worker processes, oldest first. */
export async function dueDeliveries(sql: Sql, due: DueDeliveries): Promise<readonly string[]> {
  const { now, graceMs, limit } = due;
  const rows = await sql.query(FIND_DUE, [now, new Date(now.getTime() - graceMs), limit]);
  return rows.map((row) => String(row["id"]));
}
