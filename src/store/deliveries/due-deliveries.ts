import type { Sql } from "../store.js";

export interface DueDeliveries {
  readonly now: Date;
  /** A delivery that came less long ago has its own wake-up under way. */
  readonly graceMs: number;
  readonly limit: number;
}

const FIND_DUE = `
  SELECT id::text AS id FROM deliveries
  WHERE (status = 'received' AND received_at <= $2::timestamptz)
     OR (status = 'retry' AND run_at <= $1::timestamptz)
     OR (status = 'processing' AND locked_until <= $1::timestamptz)
  ORDER BY received_at, id LIMIT $3`;

/** Ids of deliveries that nobody is working on although they are due. Oldest first. */
export async function dueDeliveries(sql: Sql, due: DueDeliveries): Promise<readonly string[]> {
  const { now, graceMs, limit } = due;
  const rows = await sql.query(FIND_DUE, [now, new Date(now.getTime() - graceMs), limit]);
  return rows.map((row) => String(row["id"]));
}
