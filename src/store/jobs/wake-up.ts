import type { JobQueueName } from "../../domain.js";

/** The message to a queue about a row of `jobs`. Losing it loses no work, because the sweep finds the row. */
export interface JobWakeUp {
  readonly queue: JobQueueName;
  readonly id: bigint;
  /** Milliseconds from now before the row is due; default 0. */
  readonly delayMs?: number;
  /**
   * The job whose end made this one possible. Keeps this wake-up distinct from the row's first one, which may be ending
   * at this moment because the key was busy.
   */
  readonly after?: bigint;
  /** The row may be due earlier than its first wake-up says, so this wake-up is distinct from it. */
  readonly sooner?: boolean;
}
