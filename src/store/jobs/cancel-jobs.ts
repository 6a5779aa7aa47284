import type { Sql } from "../store.js";

/**
 * Cancels all waiting and running jobs of an installation at once. A running job loses its lease: its process aborts it
 * at the next renewal, and its result is not recorded.
 * @returns how many.
 */
export async function cancelJobs(sql: Sql, installationId: bigint, reason: string, now: Date): Promise<number> {
  const rows = await sql.query(
    `UPDATE jobs SET status = 'cancelled', reason = $2, finished_at = $3, locked_until = NULL, locked_by = NULL
     WHERE installation_id = $1 AND status IN ('waiting', 'running') RETURNING id`,
    [installationId, reason, now],
  );
  return rows.length;
}
