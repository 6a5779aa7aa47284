import type { QueueCounts, Recurrence } from "./queues.js";
import type { Backend, WakeUpQueue } from "./backend.js";
import type { ErrorReport } from "./error-report.js";
import { within } from "./within.js";

const ANSWER_WITHIN_MS = 3_000;
/** Processes that start at the same time restore their own schedules first. */
const SCHEDULE_WITHIN_MS = 30_000;
const CLOSE_WITHIN_MS = 2_000;
/** A schedule this late has lost its next run. */
const OVERDUE_MS = 60_000;

export interface WakeUp {
  readonly ids: readonly string[];
  readonly delayMs: number;
  /** Wake-ups with the same id become one; without an id each is separate. */
  readonly jobId: string | null;
}

export type Schedules = ReadonlyMap<string, Recurrence>;

/** The adding side of one queue. Every call returns or throws within some seconds. */
export interface Producer {
  add(wakeUps: readonly WakeUp[]): Promise<void>;
  counts(): Promise<QueueCounts>;
  ensureSchedules(schedules: Schedules): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the queue at its first use. BullMQ never retries a failed first connection, so a failed queue is discarded and
 * the next use opens another one.
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
      // Reads before it writes: every worker process calls it repeatedly, and it must not rewrite an intact schedule.
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

/** Schedules that are missing, have another recurrence, or have lost their next run. */
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

/** One by one. A failure is reported and does not stop the others. */
async function putSchedules(queue: WakeUpQueue, schedules: Schedules, report: ErrorReport): Promise<void> {
  for (const [name, recurrence] of schedules)
    await queue
      .upsertJobScheduler(name, repetitionOf(recurrence), { name, data: { ids: [] } })
      .catch((error: unknown) => report(`schedule ${name}`, error));
}

function repetitionOf(recurrence: Recurrence): { every?: number; pattern?: string; tz?: string } {
  return "everyMs" in recurrence ? { every: recurrence.everyMs } : { pattern: recurrence.cron, tz: "UTC" };
}
