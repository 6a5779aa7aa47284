import { z } from "zod";
import { QUEUES } from "../../domain.js";
import { isUniqueViolation } from "../sql-state.js";
import type { Sql } from "../store.js";
import type { JobWakeUp } from "./wake-up.js";

export type Requeued =
  | { readonly status: "requeued"; readonly wakeUp: JobWakeUp }
  /** Another row waits for the same work: nothing is left to do. */
  | { readonly status: "already-waiting" }
  /** Not a dead letter: it waits, runs, is done, or is not there. */
  | { readonly status: "not-failed" };

const Row = z.object({ id: z.coerce.bigint(), queue: z.enum(QUEUES).exclude(["deliveries"]) });

/** Gives a dead letter all its attempts again. The last failure stays on record until the next end. */
export async function requeueJob(sql: Sql, id: bigint, now: Date): Promise<Requeued> {
  try {
    const [row] = await sql.query(
      `UPDATE jobs SET status = 'waiting', attempts = 0, run_at = $2, finished_at = NULL
       WHERE id = $1 AND status = 'failed' RETURNING id, queue`,
      [id, now],
    );
    return row ? { status: "requeued", wakeUp: Row.parse(row) } : { status: "not-failed" };
  } catch (error) {
    if (isUniqueViolation(error)) return { status: "already-waiting" };
    throw error;
  }
}
