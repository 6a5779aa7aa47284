import type { Sql } from "../store.js";
import { expiredAt } from "../work/hold.js";
import { dueAt } from "./due.js";
import { JobRow } from "./job-row.js";
import type { JobWakeUp } from "./wake-up.js";

const Due = JobRow.pick({ id: true, queue: true }).transform((row): JobWakeUp => row);

/**
 * Rows whose lease ran out: the process that had them died, or hung. Rows locked by a transaction are left for the next
 * time. `run_at` stays, so that the row is at once among the due.
 */
const RECOVER = `
  WITH lost AS (
    SELECT id FROM jobs WHERE ${expiredAt("jobs", "$1")} AND ($3::bigint IS NULL OR id = $3)
    ORDER BY locked_until LIMIT $2 FOR UPDATE SKIP LOCKED
  ), fate AS (
    SELECT mine.id, CASE WHEN mine.attempts >= mine.max_attempts THEN 'failed'
                         WHEN other.id IS NOT NULL THEN 'skipped' ELSE 'waiting' END AS status, other.id AS other_id
    FROM lost JOIN jobs mine ON mine.id = lost.id
    LEFT JOIN jobs other ON other.name = mine.name AND other.key = mine.key AND other.status = 'waiting'
  )
  UPDATE jobs SET status = fate.status, locked_until = NULL, locked_by = NULL,
    finished_at = CASE WHEN fate.status = 'waiting' THEN NULL ELSE $1::timestamptz END,
    error_kind = 'unknown', error = 'its process ended while it ran',
    reason = CASE fate.status WHEN 'failed' THEN 'its process ended while it ran, ' || attempts || ' attempts'
      WHEN 'skipped' THEN 'its process ended while it ran; job ' || other_id || ' waits for the same work'
      ELSE 'its process ended while it ran' END
  FROM fate WHERE jobs.id = fate.id
  RETURNING jobs.id`;

/**
 * Takes rows back from processes that died: to wait again, to the dead letters when the attempts are used up, or
 * skipped where another row waits for the same work. One row when `id` is given. Gives how many.
 */
export async function recoverJobs(sql: Sql, now: Date, limit: number, id: bigint | null = null): Promise<number> {
  return (await sql.query(RECOVER, [now, limit, id])).length;
}

/** Waiting rows that were due by `dueBy` and that nothing of their key holds up, the oldest first. */
export async function dueJobs(sql: Sql, dueBy: Date, limit: number): Promise<readonly JobWakeUp[]> {
  const rows = await sql.query(`SELECT id, queue FROM jobs WHERE ${dueAt("$1")} ORDER BY run_at, id LIMIT $2`, [
    dueBy,
    limit,
  ]);
  return rows.map((row) => Due.parse(row));
}
