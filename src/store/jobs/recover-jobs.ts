import type { Sql } from "../store.js";
import { expiredAt } from "../work/hold.js";
import { dueAt } from "./due.js";
import { JobRow } from "./job-row.js";
import type { JobWakeUp } from "./wake-up.js";

const Due = JobRow.pick({ id: true, queue: true }).transform((row): JobWakeUp => row);

/**
 * Rows whose lease expired, because their process died or hung. Locked rows are left for the next time. `run_at` stays,
 * so that the row is due at once.
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
 * Recovers rows of dead processes: they wait again, become dead letters after the last attempt, or are skipped if
 * another row waits for the same key. Only one row if `id` is given.
 * @returns how many.
 */
export async function recoverJobs(sql: Sql, now: Date, limit: number, id: bigint | null = null): Promise<number> {
  return (await sql.query(RECOVER, [now, limit, id])).length;
}

/** Waiting rows that were due by `dueBy` and whose key is not running, oldest first. */
export async function dueJobs(sql: Sql, dueBy: Date, limit: number): Promise<readonly JobWakeUp[]> {
  const rows = await sql.query(`SELECT id, queue FROM jobs WHERE ${dueAt("$1")} ORDER BY run_at, id LIMIT $2`, [
    dueBy,
    limit,
  ]);
  return rows.map((row) => Due.parse(row));
}
