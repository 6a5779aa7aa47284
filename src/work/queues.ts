import type { QueueName } from "../domain.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";

/** A handler's request to be woken again with the same ids; it uses no attempt. */
export interface Again {
  readonly againAt: Date;
}

/**
 * A worker's handler. `ids` are delivery ids or one job id, as text. It reads the state from the tables, must be safe
 * to call twice, and returns null when the ids are done. `signal` is aborted when the process stops and its patience is
 * over; `closing` when the process stops: do not begin new work then.
 */
export type WakeUpHandler = (
  ids: readonly string[],
  signal: AbortSignal,
  closing: AbortSignal,
) => Promise<Again | null>;

/** How often a schedule runs: every given number of milliseconds, or by a cron pattern in UTC. */
export type Recurrence = { readonly everyMs: number } | { readonly cron: string };

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/**
 * The queues carry wake-ups only; the state is in `deliveries` and `jobs`. Adding never throws and never blocks for
 * long: a wake-up that cannot be added is logged and left to the sweep.
 */
export interface Queues {
  readonly backend: "redis" | "postgres" | "inline";
  /**
   * Wakes the deliveries worker. Ids that arrive during an add go together in the next one. Resolves when the ids have
   * been added or given up.
   */
  wake(ids: readonly string[], delayMs?: number): Promise<void>;
  /**
   * Wakes the deliveries worker for deliveries that a sweep has found. Sweeps of one period add a delivery once, even
   * from several processes: behind a backlog they find the same deliveries repeatedly.
   */
  sweep(ids: readonly string[], periodMs: number): Promise<void>;
  /** Wakes a worker for each row of `jobs`, once if the wake-up is already queued. */
  add(wakeUps: readonly JobWakeUp[]): Promise<void>;
  /** Starts a worker of this process, at most one for each queue. Resolves when it listens. */
  work(queue: QueueName, options: { readonly concurrency: number }, handler: WakeUpHandler): Promise<void>;
  /** Runs a task periodically, once across all processes that schedule the same name. */
  schedule(name: string, recurrence: Recurrence, run: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Restores the schedules of this process that the backend has lost. Cheap if none is lost. */
  ensureSchedules(): Promise<void>;
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>>>;
  /** Whether the backend answers, for `/readyz`. Always returns within its timeout. */
  ready(): Promise<Readiness>;
  /** Takes no more work, waits for running work within the patience, aborts the rest, and closes every handle. */
  close(): Promise<void>;
}
