import type { QueueCounts, Recurrence } from "./queues.js";
import type { Backend, WakeUpQueue } from "./backend.js";
import type { ErrorReport } from "./error-report.js";
import { within } from "./within.js";

const ANSWER_WITHIN_MS = 3_000;
/** Other processes that start now put back theirs first. */
const SCHEDULE_WITHIN_MS = 30_000;
const CLOSE_WITHIN_MS = 2_000;
/** A schedule that should have run so long ago has lost its next run. */
const OVERDUE_MS = 60_000;

export interface WakeUp {
  readonly ids: readonly string[];
  readonly delayMs: number;
  /** Wake-ups of one id are one wake-up; without it each is its own. */
  readonly jobId: string | null;
}

export type Schedules = ReadonlyMap<string, Recurrence>;

/** One queue, as those who add to it see it. Every call answers or throws within some seconds. */
export interface Producer {
  add(wakeUps: readonly WakeUp[]): Promise<void>;
  counts(): Promise<QueueCounts>;
  ensureSchedules(schedules: Schedules): Promise<void>;
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
  const use = <T>(what: string, work: (queue: WakeUpQueue) => Promise<T>, ms = ANSWER_WITHIN_MS): Promise<T> => {
    opened ??= open();
    return within(ms, opened.then(work), `${backend.name} queue ${name}, ${what}`);
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
    async ensureSchedules(schedules) {
      // Reads first: called again and again by every worker process, it must not rewrite a schedule that is well.
      const lost = await use("schedules", (queue) => lostOf(queue, schedules));
      if (lost.size === 0) return;
      const put = (queue: WakeUpQueue) =>
        backend.alone(async () => putSchedules(queue, await lostOf(queue, lost), report));
      await use("schedules", put, SCHEDULE_WITHIN_MS);
    },
    async close() {
      if (current) await closeQueue(current);
    },
  };
}

async function closeQueue(queue: WakeUpQueue): Promise<void> {
  await within(CLOSE_WITHIN_MS, queue.close(), "close").catch(() => undefined);
}

/** Those that are missing, that run by another recurrence, or that have lost their next run. */
async function lostOf(queue: WakeUpQueue, schedules: Schedules): Promise<Schedules> {
  const lost = new Map<string, Recurrence>();
  for (const [name, recurrence] of schedules) {
    const wanted = repetitionOf(recurrence);
    const found = await queue.getJobScheduler(name);
    const same = found?.every === wanted.every && found?.pattern === wanted.pattern;
    const alive = found?.next !== undefined && found.next > Date.now() - OVERDUE_MS - (wanted.every ?? 0);
    if (!same || !alive) lost.set(name, recurrence);
  }
  return lost;
}

/** One after the other; one that fails is reported and keeps none of the others. */
async function putSchedules(queue: WakeUpQueue, schedules: Schedules, report: ErrorReport): Promise<void> {
  for (const [name, recurrence] of schedules)
    await queue
      .upsertJobScheduler(name, repetitionOf(recurrence), { name, data: { ids: [] } })
      .catch((error: unknown) => report(`schedule ${name}`, error));
}

function repetitionOf(recurrence: Recurrence): { every?: number; pattern?: string; tz?: string } {
  return "everyMs" in recurrence ? { every: recurrence.everyMs } : { pattern: recurrence.cron, tz: "UTC" };
}
