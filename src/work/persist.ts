import { setTimeout as sleep } from "node:timers/promises";

/** Long enough for a database restart. */
const PAUSES_MS = [100, 250, 500, 1_000, 2_000, 4_000, 8_000];

/**
 * Retries a repeatable statement for about 16 seconds: the end of a run must not be lost because the database restarts.
 * @throws the last error.
 */
export async function persist<T>(statement: () => Promise<T>, pausesMs: readonly number[] = PAUSES_MS): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await statement();
    } catch {
      await sleep(pause);
    }
  }
  return statement();
}
