import type { Sql } from "../store.js";

/** Routine jobs of the app that end every few minutes; after days they are of no interest. */
const ROUTINE = ["health", "recovery"];

/**
 * Deletes routine jobs that ended before the given time.
 * @returns how many.
 */
export async function pruneRoutineJobs(sql: Sql, before: Date): Promise<number> {
  const rows = await sql.query(
    "DELETE FROM jobs WHERE name = ANY ($1::text[]) AND status IN ('done', 'skipped', 'failed', 'cancelled') AND finished_at < $2 RETURNING 1",
    [ROUTINE, before],
  );
  return rows.length;
}
