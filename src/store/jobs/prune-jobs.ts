import type { Sql } from "../store.js";

/** Jobs of the app's own that end every few minutes: nobody looks at them after days. */
const ROUTINE = ["health", "recovery"];

/** Deletes routine jobs that ended before. @returns how many. */
export async function pruneRoutineJobs(sql: Sql, before: Date): Promise<number> {
  const rows = await sql.query(
    "DELETE FROM jobs WHERE name = ANY ($1::text[]) AND status IN ('done', 'skipped', 'failed', 'cancelled') AND finished_at < $2 RETURNING 1",
    [ROUTINE, before],
  );
  return rows.length;
}
