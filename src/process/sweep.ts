import type { Clock } from "../domain.js";
import { dueDeliveries } from "../store/deliveries/claim-deliveries.js";
import type { Store } from "../store/store.js";

export interface SweepOptions {
  readonly store: Pick<Store, "sql">;
  readonly wake: (ids: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  /** Younger deliveries still have their own wake-up. Default 10 s. */
  readonly graceMs?: number;
  /** The most deliveries woken by one sweep, oldest first. Default 1,000. */
  readonly limit?: number;
}

/**
 * Wakes unfinished deliveries that no worker processes: lost wake-ups, expired leases, due retries.
 * @returns how many were found.
 */
export async function sweepDeliveries(options: SweepOptions): Promise<number> {
  const { store, wake, clock, graceMs = 10_000, limit = 1_000 } = options;
  const due = await dueDeliveries(store.sql, { now: clock.now(), graceMs, limit });
  if (due.length > 0) await wake(due);
  return due.length;
}
