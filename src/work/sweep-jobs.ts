import type { Clock } from "../domain.js";
import { dueJobs, recoverJobs } from "../store/jobs/recover-jobs.js";
import type { Store } from "../store/store.js";
import type { Queues } from "./queues.js";

export interface Swept {
  /** Rows whose lease expired. */
  readonly recovered: number;
  /** Rows woken again. */
  readonly woken: number;
  /** More rows are due than one sweep takes: sweep again soon. */
  readonly more: boolean;
}

const MOST_AT_ONCE = 1_000;

/**
 * Wakes unfinished rows: those due for `graceMs` (their wake-up is lost or late), and those whose lease expired. Safe
 * at any time and in any number of processes, because an existing wake-up is not doubled.
 */
export async function sweepJobs(options: {
  readonly store: Pick<Store, "sql">;
  readonly queues: Pick<Queues, "add">;
  readonly clock: Clock;
  readonly graceMs: number;
}): Promise<Swept> {
  const { store, queues, clock, graceMs } = options;
  const now = clock.now();
  const recovered = await recoverJobs(store.sql, now, MOST_AT_ONCE);
  const due = await dueJobs(store.sql, new Date(now.getTime() - graceMs), MOST_AT_ONCE);
  if (due.length > 0) await queues.add(due);
  return { recovered, woken: due.length, more: due.length === MOST_AT_ONCE };
}
