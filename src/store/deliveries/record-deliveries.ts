import type { Store } from "../store.js";
import { isDeadlock } from "../sql-state.js";
import { type Connection, onConnection } from "./connection.js";
import { insertFresh } from "./insert-fresh.js";
import type { NewDelivery, Recorded } from "./new-delivery.js";
import { settleRepeats } from "./settle-repeats.js";

/**
 * Stores a batch of deliveries with one statement and one commit, and with more for repeated ones. When it resolves,
 * every row is committed. Safe against other processes that record the same deliveries.
 * @returns the results in the same order.
 * @throws the database's error. The outcome is unknown then, and no delivery of the batch may be acknowledged.
 */
export async function recordDeliveries(
  store: Pick<Store, "pool">,
  deliveries: readonly NewDelivery[],
  options: { readonly now: Date; readonly signal: AbortSignal },
): Promise<readonly Recorded[]> {
  const { now, signal } = options;
  return onConnection(store, signal, async (connection) => {
    const distinct = new Map<string, NewDelivery>();
    for (const delivery of deliveries)
      if (!distinct.has(delivery.headers.guid)) distinct.set(delivery.headers.guid, delivery);
    const ids = await untilNoDeadlock(() => insertFresh(connection.run, [...distinct.values()], now));
    const repeated = deliveries.filter(
      (delivery) => distinct.get(delivery.headers.guid) !== delivery || !ids.has(delivery.headers.guid),
    );
    const settled = repeated.length > 0 ? await settle(connection, repeated, now) : new Map<NewDelivery, Recorded>();
    return deliveries.map((d) => settled.get(d) ?? { duplicate: false, wake: ids.get(d.headers.guid) ?? null });
  });
}

function settle(
  connection: Connection,
  repeated: readonly NewDelivery[],
  now: Date,
): Promise<ReadonlyMap<NewDelivery, Recorded>> {
  return untilNoDeadlock(() => connection.transaction((run) => settleRepeats(run, repeated, now)));
}

/**
 * Locks are taken in one order, but a replay and its first delivery are two rows. PostgreSQL detects the remaining
 * deadlocks.
 */
async function untilNoDeadlock<T>(work: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (attempts <= 1 || !isDeadlock(error)) throw error;
    return untilNoDeadlock(work, attempts - 1);
  }
}
