import type { QueueCounts, Recurrence } from "./queues.js";
import type { Backend, WakeUpQueue } from "./backend.js";
import type { ErrorReport } from "./error-report.js";
import { within } from "./within.js";

const ANSWER_WITHIN_MS = 3_000;
const CLOSE_WITHIN_MS = 2_000;
/** A schedule that should have run so long ago has lost its next run. */
const OVERDUE_MS = 60_000;

export interface WakeUp {
  readonly ids: readonly string[];
  readonly delayMs: number;
  /** Wake-ups of one id are one wake-up; without it each is its own. */
  readonly jobId: string | null;
}

/** One queue, as those who add to it see it. Every call answers or throws within some seconds. */
export interface Producer {
  add(wakeUps: readonly WakeUp[]): Promise<void>;
  counts(): Promise<QueueCounts>;
  ensureSchedule(name: string, recurrence: Recurrence): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the queue at its first use. BullMQ remembers a failed connection for ever, so one that failed to open is thrown
 * away and the next use opens another.
 */
export function openProducer(backend: Backend, name: string, report: ErrorReport): Producer {
  let current: WakeUpQueue | null = null;
  let opened: Promise<WakeUpQueue> | null = null;
  const open = async (): Promise<WakeUpQueue> => {
    const queue = backend.queue(name);
    current = queue;
    queue.on("error", (error) => report(name, error));
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      opened = null;
      current = null;
      await closeQueue(queue);
      throw error;
    }
  };
  const use = <T>(what: string, work: (queue: WakeUpQueue) => Promise<T>): Promise<T> => {
    opened ??= open();
    return within(ANSWER_WITHIN_MS, opened.then(work), `${backend.name} queue ${name}, ${what}`);
  };
  return {
    add: (wakeUps) =>
      use("add", async (queue) => {
        await queue.addBulk(
          wakeUps.map(({ ids, delayMs, jobId }) => ({
            name: "wake",
            data: { ids },
            opts: { ...(delayMs > 0 && { delay: delayMs }), ...(jobId !== null && { jobId }) },
          })),
        );
      }),
    counts: () =>
      use("count", async (queue) => {
        const counts = await queue.getJobCounts("waiting", "active", "delayed");
        return { waiting: counts["waiting"] ?? 0, active: counts["active"] ?? 0, delayed: counts["delayed"] ?? 0 };
      }),
    ensureSchedule: (schedule, recurrence) => use("schedule", (queue) => ensureSchedule(queue, schedule, recurrence)),
    async close() {
      if (current) await closeQueue(current);
    },
  };
}

async function closeQueue(queue: WakeUpQueue): Promise<void> {
  await within(CLOSE_WITHIN_MS, queue.close(), "close").catch(() => undefined);
}

/** Reads first: called again and again by every worker process, it must not rewrite a schedule that is well. */
async function ensureSchedule(queue: WakeUpQueue, name: string, recurrence: Recurrence): Promise<void> {
  const wanted = "everyMs" in recurrence ? { every: recurrence.everyMs } : { pattern: recurrence.cron, tz: "UTC" };
  const found = await queue.getJobScheduler(name);
  const same = found?.every === wanted.every && found?.pattern === wanted.pattern;
  const alive = found?.next !== undefined && found.next > Date.now() - OVERDUE_MS - (wanted.every ?? 0);
  if (same && alive) return;
  await queue.upsertJobScheduler(name, wanted, { name, data: { ids: [] } });
}
