import { z } from "zod";
import type { ErrorKind } from "../../errors.js";
import { isUniqueViolation } from "../sql-state.js";
import type { Sql } from "../store.js";
import { heldBy } from "../work/hold.js";
import { JobRow } from "./job-row.js";
import type { JobWakeUp } from "./wake-up.js";

/** Identifies the run that ends. Without the lease the end changes nothing. */
export interface RunOf {
  readonly id: bigint;
  readonly token: string;
  readonly now: Date;
}

export interface Failure {
  readonly kind: ErrorKind;
  readonly text: string;
}

const FINISH = `
  UPDATE jobs SET status = $3, reason = $4, error_kind = $5, error = $6, finished_at = $7,
    locked_until = NULL, locked_by = NULL
  WHERE id = $1 AND ${heldBy("jobs", "$2")}
  RETURNING id`;

/** Ends a run permanently; `failed` is a dead letter. False: the lease was lost. */
export async function finishJob(
  sql: Sql,
  run: RunOf,
  end: { readonly status: "done" | "skipped" | "failed"; readonly reason: string; readonly failure?: Failure },
): Promise<boolean> {
  const { failure } = end;
  const values = [run.id, run.token, end.status, end.reason, failure?.kind, failure?.text, run.now];
  return (await sql.query(FINISH, values)).length > 0;
}

const RETRY = `
  UPDATE jobs SET
    status = CASE WHEN other.id IS NULL THEN 'waiting' ELSE 'skipped' END,
    reason = CASE WHEN other.id IS NULL THEN $5 ELSE $5 || '; job ' || other.id || ' waits for the same work' END,
    finished_at = CASE WHEN other.id IS NULL THEN NULL ELSE $8::timestamptz END,
    run_at = $3, attempts = jobs.attempts - $4::int, error_kind = $6, error = $7, locked_until = NULL, locked_by = NULL
  FROM jobs mine LEFT JOIN jobs other ON other.name = mine.name AND other.key = mine.key AND other.status = 'waiting'
  WHERE mine.id = $1 AND jobs.id = mine.id AND ${heldBy("jobs", "$2")}
  RETURNING jobs.status`;

const Retried = z.object({ status: z.enum(["waiting", "skipped"]) });

/**
 * Makes a run wait until `at`. If another row with its key already waits, that row does the work, and this one is
 * skipped with its failure recorded.
 */
export async function retryJob(
  sql: Sql,
  run: RunOf,
  retry: { readonly at: Date; readonly costsAttempt: boolean; readonly reason: string; readonly failure?: Failure },
): Promise<"waiting" | "superseded" | "lost"> {
  const { at, costsAttempt, reason, failure } = retry;
  const values = [run.id, run.token, at, costsAttempt ? 0 : 1, reason, failure?.kind, failure?.text, run.now];
  const rows = await sql.query(RETRY, values).catch((error: unknown) => {
    // A row with the key began to wait during this statement; it is visible now.
    if (isUniqueViolation(error)) return sql.query(RETRY, values);
    throw error;
  });
  const [row] = rows;
  if (!row) return "lost";
  return Retried.parse(row).status === "waiting" ? "waiting" : "superseded";
}

const Next = JobRow.pick({ id: true, queue: true }).extend({ run_at: z.date() });

/**
 * The row that waits for the same key and should be woken. Deliberately a separate statement after the end is
 * committed: a claim that met the running row was refused before, and its row is visible now.
 */
export async function nextOfKey(
  sql: Sql,
  ended: { readonly id: bigint; readonly name: string; readonly key: string },
  now: Date,
): Promise<JobWakeUp | null> {
  const [row] = await sql.query(
    "SELECT id, queue, run_at FROM jobs WHERE name = $1 AND key = $2 AND status = 'waiting' AND id <> $3",
    [ended.name, ended.key, ended.id],
  );
  if (!row) return null;
  const next = Next.parse(row);
  const delayMs = Math.max(0, next.run_at.getTime() - now.getTime());
  return { queue: next.queue, id: next.id, delayMs, after: ended.id };
}
