import type { Sql } from "../store.js";

export interface Pruning {
  readonly now: Date;
  /** The retention: bodies of older, finished deliveries are deleted. */
  readonly days: number;
  /** The most rows in one statement, so that locks stay short. Default 1,000. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

const PRUNE = `
  DELETE FROM delivery_bodies WHERE guid IN (
    SELECT d.guid FROM deliveries d JOIN delivery_bodies b USING (guid)
    WHERE d.received_at < $1 AND d.status NOT IN ('received', 'processing', 'retry')
    LIMIT $2)
  RETURNING 1`;

/**
 * Deletes bodies past their retention, and keeps the deliveries' rows.
 * @returns how many were deleted.
 */
export async function pruneBodies(sql: Sql, pruning: Pruning): Promise<number> {
  const { now, days, batch = 1_000, signal } = pruning;
  const before = new Date(now.getTime() - days * 24 * 60 * 60_000);
  const stopped = (): boolean => signal?.aborted ?? false;
  let pruned = 0;
  for (let last = batch; last === batch && !stopped(); pruned += last) {
    last = (await sql.query(PRUNE, [before, batch])).length;
  }
  return pruned;
}
