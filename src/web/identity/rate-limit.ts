import type { Clock } from "../../domain.js";

/** How many addresses are remembered; the longest unseen is forgotten first. */
const MOST = 10_000;

/** Lets each key through `burst` times at once, and then once every `everyMs`. In this process alone. */
export function createRateLimit(clock: Clock, burst: number, everyMs: number): (key: string) => boolean {
  // The instant at which each key's bucket is full again.
  const fullAt = new Map<string, number>();
  return (key) => {
    const now = clock.now().getTime();
    const next = Math.max(fullAt.get(key) ?? now, now) + everyMs;
    if (next - now > burst * everyMs) return false;
    fullAt.delete(key);
    fullAt.set(key, next);
    const [oldest] = fullAt.keys();
    if (fullAt.size > MOST && oldest !== undefined) fullAt.delete(oldest);
    return true;
  };
}
