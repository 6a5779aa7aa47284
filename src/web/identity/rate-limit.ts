import type { Clock } from "../../domain.js";

/** The most remembered addresses; the longest unseen is forgotten first. */
const MOST = 10_000;

/** Allows each key `burst` requests at once, and then one every `everyMs`. In this process only. */
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
