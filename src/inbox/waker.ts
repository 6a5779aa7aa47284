import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.js";

/**
 * The shortest time between two wake-ups: a single one goes at once; under load one carries the rows of many commits.
 */
const PAUSE_MS = 20;

export interface Waker {
  /** Returns at once. Ids that arrive during a wake-up, or shortly after it, go together in the next one. */
  wake(ids: readonly string[]): void;
  idle(): Promise<void>;
}

/**
 * At most one wake-up runs at a time, for all rows committed since the last: one job for each delivery would cost a
 * third of the inbox's speed. A failed wake-up is logged and dropped, because the sweep finds the rows.
 */
export function createWaker(options: {
  readonly wake: (ids: readonly string[]) => Promise<void>;
  readonly log: Log;
}): Waker {
  let pending: string[] = [];
  let underWay: Promise<void> | null = null;
  let failing = false;

  async function run(): Promise<void> {
    while (pending.length > 0) {
      const ids = pending;
      pending = [];
      try {
        await options.wake(ids);
        failing = false;
      } catch (error) {
        // Logged once in an outage, because an unavailable queue would fill the log.
        if (!failing)
          options.log.warn(
            { err: error, deliveries: ids.length },
            "wake-up failed; the sweep will find the deliveries",
          );
        failing = true;
      }
      await delay(PAUSE_MS);
    }
    underWay = null;
  }

  return {
    wake(ids) {
      pending.push(...ids);
      if (pending.length > 0) underWay ??= run();
    },
    async idle() {
      await underWay;
    },
  };
}
