import { randomUUID } from "node:crypto";
import type { Clock } from "../domain.js";
import type { Log } from "../log.js";
import { claimDeliveries, type ClaimedDelivery, releaseDeliveries } from "../store/deliveries/claim-deliveries.js";
import type { Store } from "../store/store.js";
import { renewHold } from "../store/work/hold.js";
import { type ProcessDelivery, processClaimed } from "./process-claimed.js";

export interface DrainOptions {
  readonly store: Pick<Store, "sql">;
  readonly process: ProcessDelivery;
  readonly clock: Clock;
  readonly log: Log;
  /** Deliveries processed at the same time. */
  readonly concurrency: number;
  /** The length of a lease unless renewed. After a crash the sweep takes over when it has expired. Default 30 s. */
  readonly leaseMs?: number;
  /** The attempts after which a delivery is a dead letter. Default 8. */
  readonly maxAttempts?: number;
  /** A random number in [0, 1) that spreads retries. Default `Math.random`. */
  readonly random?: () => number;
}

export interface Drained {
  readonly handled: number;
  /** When the first failed delivery is due again; null: none is. */
  readonly againAt: Date | null;
}

const LEASE_MS = 30_000;
const MAX_ATTEMPTS = 8;

/**
 * Claims and processes the due deliveries among `ids`, or (null) all due ones. Concurrent calls process each delivery
 * once. When `signal` is aborted, begun deliveries finish and the others are released.
 */
export async function drainDeliveries(
  options: DrainOptions,
  ids: readonly string[] | null,
  signal?: AbortSignal,
): Promise<Drained> {
  const { store, clock, concurrency, leaseMs = LEASE_MS } = options;
  const retries: Date[] = [];
  let handled = 0;
  const stopped = (): boolean => signal?.aborted ?? false;
  while (!stopped()) {
    const token = randomUUID();
    const claimed = await claimDeliveries(store.sql, { ids, limit: concurrency * 2, now: clock.now(), leaseMs, token });
    if (claimed.length === 0) break;
    retries.push(...(await processAll(options, claimed, token, signal)));
    handled += claimed.length;
  }
  const first = Math.min(...retries.map((at) => at.getTime()));
  return { handled, againAt: Number.isFinite(first) ? new Date(first) : null };
}

/**
 * Processes claimed deliveries in `concurrency` lanes and renews their leases.
 * @returns when the failed ones are due.
 */
async function processAll(
  options: DrainOptions,
  claimed: readonly ClaimedDelivery[],
  token: string,
  signal: AbortSignal | undefined,
): Promise<readonly Date[]> {
  const { store, clock, log, leaseMs = LEASE_MS } = options;
  const held = new Set(claimed.map(({ id }) => id));
  const queue = [...claimed];
  const retries: Date[] = [];
  const work = { maxAttempts: MAX_ATTEMPTS, random: Math.random, ...options };
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = signal?.aborted ? undefined : queue.shift()) {
      const runAt = await processClaimed(work, next);
      if (runAt) retries.push(runAt);
      held.delete(next.id);
    }
  };
  const renew = async (): Promise<void> => {
    const until = new Date(clock.now().getTime() + leaseMs);
    const kept = await renewHold(store.sql, "deliveries", [...held], { token, until });
    // Another process holds these deliveries now; do not begin them here.
    const lost = queue.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
    for (const id of lost) {
      held.delete(id);
      queue.splice(
        queue.findIndex((each) => each.id === id),
        1,
      );
    }
  };
  const renewal = setInterval(() => {
    renew().catch((error: unknown) =>
      log.warn({ err: error, deliveries: held.size }, "delivery leases could not be renewed"),
    );
  }, leaseMs / 3);
  try {
    await Promise.all(Array.from({ length: options.concurrency }, lane));
    if (queue.length > 0)
      await releaseDeliveries(
        store.sql,
        queue.map(({ id }) => id),
        token,
      );
  } finally {
    clearInterval(renewal);
  }
  return retries;
}
