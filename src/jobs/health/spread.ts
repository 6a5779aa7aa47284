import type { Clock } from "../../domain.js";

export interface Spread {
  /** Under way at once. */
  readonly atOnce: number;
  /** From the first beginning to the last, in milliseconds. */
  readonly overMs: number;
  /** Between two beginnings at most: few items are not made to last. */
  readonly mostMs: number;
  readonly clock: Clock;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
  readonly signal: AbortSignal;
}

/**
 * Does the work for each item, the beginnings spread evenly. Where the work is slower than that, `atOnce` are always under
 * way. What fails stops no other. @throws the first failure, when all that was begun has ended.
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
