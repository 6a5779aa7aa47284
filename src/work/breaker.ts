import type { WakeUpWorker } from "./backend.js";

const BURST = 5;
const WITHIN_MS = 1_000;
const REST_MS = 1_000;

/**
 * Pauses a worker for a second after a burst of errors. While its database restarts, BullMQ would otherwise retry
 * thousands of times a second on errors that it does not recognise as a lost connection.
 */
export function restOnErrors(worker: WakeUpWorker): { stop(): void } {
  let recent: number[] = [];
  let rest: NodeJS.Timeout | null = null;
  worker.on("error", () => {
    const now = Date.now();
    recent = [...recent.filter((at) => now - at < WITHIN_MS), now];
    if (rest || recent.length < BURST) return;
    // Does not wait for running jobs; only fetching pauses.
    void worker.pause(true);
    rest = setTimeout(() => {
      rest = null;
      recent = [];
      void worker.resume();
    }, REST_MS);
  });
  return {
    stop() {
      if (rest) clearTimeout(rest);
    },
  };
}
