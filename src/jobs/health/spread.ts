import type { Clock } from "../../domain.js";

export interface Spread {
  /** How many items run at once. */
  readonly atOnce: number;
  /** From the first start to the last, in milliseconds. */
  readonly overMs: number;
  /** The longest time between two starts, so that few items do not take the whole period. */
  readonly mostMs: number;
  readonly clock: Clock;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
  readonly signal: AbortSignal;
}

/**
 * Runs the work for each item, with starts spread evenly. If the work is slower than that, `atOnce` items run at any
 * time. A failure does not stop the others.
 * @throws the first failure, after all started work has ended.
 */
export async function spread<T>(items: readonly T[], work: (item: T) => Promise<void>, how: Spread): Promise<void> {
  const { atOnce, clock, signal } = how;
  const gap = Math.min(how.mostMs, how.overMs / Math.max(1, items.length));
  const began = clock.now().getTime();
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  try {
    for (const [index, item] of items.entries()) {
      const early = began + index * gap - clock.now().getTime();
      if (early > 0) await how.sleep(early, signal);
      while (running.size >= atOnce) await Promise.race(running);
      signal.throwIfAborted();
      const run = work(item)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(run));
      running.add(run);
    }
  } finally {
    await Promise.all(running);
  }
  rethrow(failure);
}

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure) throw failure.error;
}
