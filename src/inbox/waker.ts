import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.js";

/** A wake-up at most so often: alone it goes at once, under load it carries the rows of many commits. */
const PAUSE_MS = 20;

export interface Waker {
  /** Returns at once. Ids that come while a wake-up is under way, or shortly after it, go together in the next one. */
  wake(ids: readonly string[]): void;
  idle(): Promise<void>;
}

/**
 * One wake-up under way at a time, for all rows committed since the last: a job for each delivery would cost a third of
 * the inbox's speed. A wake-up that fails is logged and dropped, and the sweeper finds the rows.
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
        // Once for each outage: a queue that is down would fill the log.
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
