import type { JobQueueName } from "../../domain.js";

/**
 * What a queue is told about a row of `jobs`: that it is there. Losing one loses no work: the sweeper finds the row.
 */
export interface JobWakeUp {
  readonly queue: JobQueueName;
  readonly id: bigint;
  /** Milliseconds from now before the row is due; default 0. */
  readonly delayMs?: number;
  /**
   * The job whose end made this one possible. Such a wake-up is never taken for the row's first one, which may be
   * ending at this moment with the answer that the key was busy.
   */
  readonly after?: bigint;
  /** The row may be due earlier than its first wake-up knows: this one is not taken for that one. */
  readonly sooner?: boolean;
}
