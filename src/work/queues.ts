import type { QueueName } from "../domain.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";

/** A handler's wish to be woken again with the same ids; it costs no attempt. */
export interface Again {
  readonly againAt: Date;
}

/**
 * What a worker does with a wake-up: `ids` are delivery ids or one job id, as text. It reads the truth from the tables,
 * must bear being called twice, and answers null when it is done with the ids. `signal` is aborted when the process
 * stops and its patience is over; `closing` when it stops: what was not begun is not begun any more.
 */
export type WakeUpHandler = (
  ids: readonly string[],
  signal: AbortSignal,
  closing: AbortSignal,
) => Promise<Again | null>;

/** How often a schedule runs: every so many milliseconds, or by a cron pattern in UTC. */
export type Recurrence = { readonly everyMs: number } | { readonly cron: string };

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/**
 * The queues: wake-ups only, the truth is in `deliveries` and `jobs`. Adding never throws and never holds work up for
 * long: a wake-up that cannot be added is logged and left to the sweeper.
 */
export interface Queues {
  readonly backend: "redis" | "postgres" | "inline";
  /**
   * Wakes the deliveries worker. Ids that come while an add is under way go together in the next one. Resolves when the
   * ids have been added or given up.
   */
  wake(ids: readonly string[], delayMs?: number): Promise<void>;
  /**
   * Wakes the deliveries worker for what a sweep has found. Sweeps of one period, of whichever processes, add a delivery
   * once: behind a backlog the same ones are found again and again.
   */
  sweep(ids: readonly string[], periodMs: number): Promise<void>;
  /** Wakes a worker for each row of `jobs`; one that is already in the queue is not doubled. */
  add(wakeUps: readonly JobWakeUp[]): Promise<void>;
  /** Starts a worker of this process; resolves when it listens. At most one for each queue. */
  work(queue: QueueName, options: { readonly concurrency: number }, handler: WakeUpHandler): Promise<void>;
  /** Runs something regularly, once across all processes that schedule the same name. */
  schedule(name: string, recurrence: Recurrence, run: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Puts back the schedules of this process that the backend has lost; cheap when none is. */
  ensureSchedules(): Promise<void>;
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>>>;
  /** Whether the backend answers, for `/readyz`; answers within its timeout whatever happens. */
  ready(): Promise<Readiness>;
  /** Takes no more, lets what runs end within the patience, aborts the rest, closes every handle. */
  close(): Promise<void>;
}
