import { setTimeout as sleep } from "node:timers/promises";
import { DelayedError } from "bullmq";
import { z } from "zod";
import type { Backend, WakeUpJob, WakeUpWorker } from "./backend.js";
import { restOnErrors } from "./breaker.js";
import type { ErrorReport } from "./error-report.js";
import type { Again } from "./queues.js";
import { within } from "./within.js";

const READY_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 2_000;
const REOPEN_AFTER_MS = 2_000;

const Data = z.object({ ids: z.array(z.string()) });

export interface ConsumerOptions {
  readonly backend: Backend;
  readonly name: string;
  readonly concurrency: number;
  /** How long BullMQ reserves a wake-up for a worker that does not respond. */
  readonly lockMs: number;
  readonly report: ErrorReport;
  /** `name` is the name of the wake-up; in the schedules' queue it is the schedule's name. */
  handle(name: string, ids: readonly string[], signal: AbortSignal, closing: AbortSignal): Promise<Again | null>;
}

export interface Consumer {
  /** Takes no more wake-ups, waits `patienceMs` for running work, then aborts it and closes every handle. */
  close(patienceMs: number): Promise<void>;
}

/**
 * Starts a worker. Resolves when it listens, or after some seconds if the backend is unavailable; the worker keeps
 * trying.
 */
export async function openConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { backend, name, concurrency, lockMs, report } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  let current: { worker: WakeUpWorker; stopResting(): void } | null = null;
  const closing = new AbortController();

  const process = async (job: WakeUpJob, token: string | undefined): Promise<void> => {
    const run = options.handle(job.name, Data.parse(job.data).ids, stopping.signal, closing.signal);
    running.add(run);
    try {
      const again = await run;
      if (!again) return;
      await job.moveToDelayed(again.againAt.getTime(), token);
    } catch (error) {
      report(`${name} worker`, error);
      throw error;
    } finally {
      running.delete(run);
    }
    throw new DelayedError();
  };

  const open = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const worker = backend.worker(name, process, { concurrency, lockDuration: lockMs, stalledInterval: lockMs });
      worker.on("error", (error) => report(`${name} worker`, error));
      const breaker = restOnErrors(worker);
      current = { worker, stopResting: () => breaker.stop() };
      try {
        await worker.waitUntilReady();
        worker.run().catch((error: unknown) => report(`${name} worker`, error));
        return;
      } catch (error) {
        // BullMQ never retries a failed first connection, so another worker is started.
        report(`${name} worker`, error);
        await closeWorker(worker);
        await sleep(REOPEN_AFTER_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };
  await within(READY_WITHIN_MS, open(), `worker of ${name}`).catch((error: unknown) => report(name, error));

  return {
    async close(patienceMs) {
      closing.abort();
      if (!current) return;
      const { worker, stopResting } = current;
      stopResting();
      if (worker.isPaused()) await worker.resume();
      // Takes no more wake-ups; ends when BullMQ has recorded the end of the running ones.
      const paused = worker.pause();
      await settled(running, patienceMs);
      stopping.abort(new Error("the process stops"));
      await settled(running, CLOSE_WITHIN_MS);
      await within(CLOSE_WITHIN_MS, paused, "pause").catch(() => undefined);
      await closeWorker(worker);
    },
  };
}

async function settled(running: ReadonlySet<Promise<unknown>>, ms: number): Promise<void> {
  await within(ms, Promise.allSettled(running), "running work").catch(() => undefined);
}

/** Closes by force: a normal close may wait for the backend forever and leaves its timers running. */
async function closeWorker(worker: WakeUpWorker): Promise<void> {
  await within(CLOSE_WITHIN_MS, worker.close(true), "close").catch(() => undefined);
}
