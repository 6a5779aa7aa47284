import { type QueueName, QUEUES } from "../domain.js";
import { messageOf } from "../errors.js";
import type { Log } from "../log.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import { type Backend, NAMESPACE, postgresBackend, redisBackend } from "./backend.js";
import { coalesce } from "./coalesce.js";
import { type Consumer, openConsumer } from "./consumer.js";
import { type ErrorReport, errorReport } from "./error-report.js";
import { openProducer, type WakeUp } from "./producer.js";
import type { Queues, Recurrence } from "./queues.js";

export interface QueuesOptions {
  /** Redis if given, otherwise PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  readonly log: Log;
  /** Receives errors; default: one log line a minute for each kind. */
  readonly report?: ErrorReport;
  /** Separates instances that share a Redis or a database; default `bullmq`. */
  readonly namespace?: string;
  /** How long a wake-up stays with a worker that does not respond; default 30 s. */
  readonly lockMs?: number;
  /** How long `close` waits for running work before it aborts it; default 10 s. */
  readonly patienceMs?: number;
}

/** A separate queue for schedules. */
const SCHEDULES = "schedules";
/** The most delivery ids in one wake-up, so that several workers share a burst. */
const IDS_PER_WAKE_UP = 100;

/** Opens the queues on the configured backend. For PostgreSQL, run `migrateQueue` first. */
export function openQueues(options: QueuesOptions): Queues {
  const { log, namespace = NAMESPACE, lockMs = 30_000, patienceMs = 10_000, report = errorReport(log) } = options;
  const backend = options.redisUrl
    ? redisBackend(options.redisUrl, namespace)
    : postgresBackend(options.databaseUrl, namespace);
  const producers = producersOf(backend, report);
  const consumers: Promise<Consumer>[] = [];
  const schedules = new Map<string, Recurrence>();
  const scheduled = new Map<string, (signal: AbortSignal) => Promise<void>>();
  const add = (queue: QueueName, wakeUps: readonly WakeUp[]): Promise<void> =>
    producers[queue].add(wakeUps).catch((error: unknown) => report(`${queue}, add`, error));
  const wakeNow = coalesce<string>((ids) => add("deliveries", batches(ids, 0)));
  // Concurrent requests for one schedule add it once.
  const ensure = coalesce<never>(() =>
    producers[SCHEDULES].ensureSchedules(schedules).catch((error: unknown) => report("schedules", error)),
  );
  const consume = async (
    name: string,
    concurrency: number,
    handle: Parameters<typeof openConsumer>[0]["handle"],
  ): Promise<void> => {
    const consumer = openConsumer({ backend, name, concurrency, lockMs, report, handle });
    consumers.push(consumer);
    await consumer;
  };

  return {
    backend: backend.name,
    wake: (ids, delayMs = 0) => {
      if (ids.length === 0) return Promise.resolve();
      return delayMs > 0 ? add("deliveries", batches(ids, delayMs)) : wakeNow(ids);
    },
    sweep: (ids, periodMs) => {
      const period = Math.floor(Date.now() / periodMs);
      const wakeUps = [...groupByBlock(ids)].map(([block, some]) => ({
        ids: some,
        delayMs: 0,
        jobId: `sweep-${block}-at-${period}`,
      }));
      return wakeUps.length === 0 ? Promise.resolve() : add("deliveries", wakeUps);
    },
    async add(wakeUps) {
      const byQueue = groupByQueue(wakeUps);
      await Promise.all([...byQueue].map(([queue, some]) => add(queue, some.map(toWakeUp))));
    },
    work: (queue, { concurrency }, handler) =>
      consume(queue, concurrency, (_name, ids, signal, closing) => handler(ids, signal, closing)),
    async schedule(name, recurrence, run) {
      const first = schedules.size === 0;
      schedules.set(name, recurrence);
      scheduled.set(name, run);
      if (first) await consume(SCHEDULES, 4, runSchedule);
      await ensure([]);
    },
    ensureSchedules: () => ensure([]),
    async counts() {
      const [deliveries, agents, sync, health] = await Promise.all([
        producers.deliveries.counts(),
        producers.agents.counts(),
        producers.sync.counts(),
        producers.health.counts(),
      ]);
      return { deliveries, agents, sync, health };
    },
    ready: () =>
      producers.deliveries.counts().then(
        () => ({ ready: true }),
        (error: unknown) => ({ ready: false, reason: messageOf(error) }),
      ),
    async close() {
      await Promise.all(consumers.map(async (consumer) => (await consumer).close(patienceMs)));
      await Promise.all(Object.values(producers).map((producer) => producer.close()));
      backend.hangUp();
    },
  };

  async function runSchedule(name: string, _ids: readonly string[], signal: AbortSignal): Promise<null> {
    // A schedule that this process does not know belongs to another version. A process of that version will run it
    // later.
    await scheduled.get(name)?.(signal);
    return null;
  }
}

function producersOf(backend: Backend, report: ReturnType<typeof errorReport>) {
  const open = (name: string) => openProducer(backend, name, report);
  const [deliveries, agents, sync, health] = QUEUES;
  return {
    deliveries: open(deliveries),
    agents: open(agents),
    sync: open(sync),
    health: open(health),
    [SCHEDULES]: open(SCHEDULES),
  };
}

function batches(ids: readonly string[], delayMs: number): readonly WakeUp[] {
  const starts = Array.from({ length: Math.ceil(ids.length / IDS_PER_WAKE_UP) }, (_, i) => i * IDS_PER_WAKE_UP);
  return starts.map((start) => ({ ids: ids.slice(start, start + IDS_PER_WAKE_UP), delayMs, jobId: null }));
}

/** Blocks are built from the ids, so that two sweeps with nearly the same ids make the same blocks. */
function groupByBlock(ids: readonly string[]): ReadonlyMap<bigint, readonly string[]> {
  const blocks = new Map<bigint, string[]>();
  for (const id of ids) {
    const block = BigInt(id) / BigInt(IDS_PER_WAKE_UP);
    const some = blocks.get(block);
    if (some) some.push(id);
    else blocks.set(block, [id]);
  }
  return blocks;
}

function toWakeUp({ id, delayMs = 0, after, sooner = false }: JobWakeUp): WakeUp {
  if (sooner) return { ids: [String(id)], delayMs, jobId: null };
  const jobId = after === undefined ? `job-${id}` : `job-${id}-after-${after}`;
  return { ids: [String(id)], delayMs, jobId };
}

function groupByQueue(wakeUps: readonly JobWakeUp[]): ReadonlyMap<QueueName, readonly JobWakeUp[]> {
  const groups = new Map<QueueName, JobWakeUp[]>();
  for (const wakeUp of wakeUps) groups.set(wakeUp.queue, [...(groups.get(wakeUp.queue) ?? []), wakeUp]);
  return groups;
}
