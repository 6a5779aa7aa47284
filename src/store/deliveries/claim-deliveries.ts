import { z } from "zod";
import type { Sql } from "../store.js";

/** A delivery that this process works on until its lease ends. */
export type ClaimedDelivery = z.infer<typeof Claimed>;

export interface ClaimDeliveries {
  /** Only these rows; null: whichever are due. */
  readonly ids: readonly string[] | null;
  readonly limit: number;
  readonly now: Date;
  readonly leaseMs: number;
}

const Claimed = z.object({
  id: z.string(),
  guid: z.string(),
  event: z.string(),
  /** This one included. */
  attempts: z.int(),
  body_bytes: z.int(),
});

/** Due: never begun, its retry's time has come, or whoever began it has not renewed the lease. */
export const DUE = `(status = 'received'
  OR (status = 'retry' AND run_at <= $1::timestamptz)
  OR (status = 'processing' AND locked_until <= $1::timestamptz))`;

const CLAIM = (which: string): string => `
  UPDATE deliveries SET status = 'processing', attempts = attempts + 1,
    locked_until = $1::timestamptz + $2::int * interval '1 ms'
  WHERE id IN (
    SELECT id FROM deliveries WHERE ${DUE} ${which}
    ORDER BY received_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING id::text AS id, guid, event, attempts, body_bytes`;

const CLAIM_THESE = CLAIM("AND id = ANY ($4::bigint[])");
const CLAIM_ANY = CLAIM("");

/** Takes deliveries that are due, each for one process at a time, and counts an attempt of each. Oldest first. */
export async function claimDeliveries(sql: Sql, claim: ClaimDeliveries): Promise<readonly ClaimedDelivery[]> {
  const { ids, limit, now, leaseMs } = claim;
  const rows =
    ids === null
      ? await sql.query(CLAIM_ANY, [now, leaseMs, limit])
      : await sql.query(CLAIM_THESE, [now, leaseMs, limit, ids]);
  return rows.map((row) => Claimed.parse(row)).sort((a, b) => Number(a.id) - Number(b.id));
}

/** Holds claimed deliveries for `leaseMs` more from `now`. */
export async function renewLeases(
  sql: Sql,
  ids: readonly string[],
  lease: { readonly now: Date; readonly leaseMs: number },
): Promise<void> {
  await sql.query(
    `UPDATE deliveries SET locked_until = $2::timestamptz + $3::int * interval '1 ms'
     WHERE id = ANY ($1::bigint[]) AND status = 'processing'`,
    [ids, lease.now, lease.leaseMs],
  );
}

/** Gives claimed deliveries back that were not begun, as if they had never been claimed. */
export async function releaseDeliveries(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql.query(
    `UPDATE deliveries SET status = 'received', attempts = attempts - 1, locked_until = NULL
     WHERE id = ANY ($1::bigint[]) AND status = 'processing'`,
    [ids],
  );
}
