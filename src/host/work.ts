import { randomUUID } from "node:crypto";
import { scheduleAlerts } from "./alerts.js";
import { HEALTH_EVERY_MS } from "./health.js";
import type { Config } from "../config.js";
import type { Clock, JobQueueName } from "../domain.js";
import { requestRecovery } from "../jobs/recovery/recovery-job.js";
import { deliveryLog } from "../process/delivery-log.js";
import type { ReceivedDelivery } from "../process/process-claimed.js";
import { sweepDeliveries } from "../process/sweep.js";
import { drainDeliveries } from "../process/worker.js";
import { kindOf } from "../errors.js";
import type { JobRegistry } from "../jobs/define-job.js";
import { requestHealthPass } from "../jobs/health/health-job.js";
import { SYNC_SCHEDULES } from "../jobs/sync/schedules.js";
import type { JobServices } from "../work/job-context.js";
import { requestTraining } from "../runs/triage/train-job.js";
import { workInTurn } from "../work/work-in-turn.js";
import type { Log } from "../log.js";
import { processDelivery } from "../process/process-delivery.js";
import type { AppHost } from "./probot.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import { traceIdOf, type Tracing } from "../telemetry/tracing.js";
import type { Metrics } from "../telemetry/metrics.js";
import { every, type Regular } from "../work/every.js";
import type { Again, Queues, WakeUpHandler } from "../work/queues.js";
import { sweepJobs } from "../work/sweep-jobs.js";
import { pruneBodies } from "../store/deliveries/prune-bodies.js";
import { pruneEvents } from "../store/events/event-log.js";
import { pruneRoutineJobs } from "../store/jobs/prune-jobs.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Store } from "../store/store.js";

export interface WorkOptions {
  readonly config: Config;
  readonly store: Store;
  readonly queues: Queues;
  readonly registry: JobRegistry;
  readonly services: JobServices;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly errors: ErrorTracker;
  /** How long the sweep leaves a row to its own wake-up, and the period of the sweep (ms). */
  readonly sweepMs: number;
  /** The length of a lease without renewal (ms). */
  readonly leaseMs: number;
  readonly dispatch: AppHost["dispatch"];
}

/**
 * Concurrent jobs of one queue in this process. Syncs are long and share a queue with short reads, so `sync-job.ts`
 * limits them to half of its slots. Recoveries are long too, and share a queue with the health checks.
 */
const CONCURRENCY = { agents: 5, sync: 8, health: 4 } as const;
const JOB_QUEUES = ["agents", "sync", "health"] as const;
const RECOVERY_EVERY_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const ROUTINE_KEPT_MS = 7 * DAY_MS;
const DELIVERIES_AT_ONCE = 6;

/** Starts all work of a worker process: deliveries, jobs, sweeps, schedules. Stop it before closing the queues. */
export async function startWork(options: WorkOptions): Promise<Regular> {
  const { config, store, queues, clock, log, sweepMs, leaseMs } = options;
  const drain = { store, clock, log, concurrency: DELIVERIES_AT_ONCE, leaseMs };
  const deliveries: WakeUpHandler = async (ids, signal) => {
    const process = (delivery: ReceivedDelivery) => measured(options, delivery);
    const { againAt } = await drainDeliveries({ ...drain, process }, ids, signal);
    return againAt && bySystemClock(againAt, clock);
  };
  const running = {
    ...options.services,
    registry: options.registry,
    wake: (wakeUps: readonly JobWakeUp[]) => queues.add(wakeUps),
    random: Math.random,
    token: randomUUID,
    leaseMs,
    onEnded: options.metrics.job,
    errors: options.errors,
    tracing: options.tracing,
  };
  const jobsOf = (queue: JobQueueName): WakeUpHandler => {
    const work = workInTurn({ ...running, queue, concurrency: CONCURRENCY[queue] });
    return async ([id = "0"], signal, closing) => {
      const again = await work(BigInt(id), signal, closing);
      return again && bySystemClock(again.againAt, clock);
    };
  };
  const prune = async (): Promise<void> => {
    const pruned = await pruneBodies(store.sql, { days: config.bodyRetentionDays, now: clock.now() });
    await pruneEvents(store.sql, new Date(clock.now().getTime() - config.bodyRetentionDays * DAY_MS));
    log.info({ pruned, days: config.bodyRetentionDays }, "bodies of old deliveries pruned");
    await pruneRoutineJobs(store.sql, new Date(clock.now().getTime() - ROUTINE_KEPT_MS));
  };
  const plan = async (wakeUps: Promise<readonly JobWakeUp[]>): Promise<void> => queues.add(await wakeUps);
  const syncing = { store, clock, log, wake: (wakeUps: readonly JobWakeUp[]) => queues.add(wakeUps) };
  // All at once: an overdue schedule must be known when the first worker begins to listen.
  await Promise.all([
    queues.work("deliveries", { concurrency: 2 }, deliveries),
    ...JOB_QUEUES.map((queue) => queues.work(queue, { concurrency: CONCURRENCY[queue] }, jobsOf(queue))),
    queues.schedule("prune-bodies", { cron: "17 3 * * *" }, prune),
    queues.schedule("triage-train", { cron: "23 2 * * *" }, () => plan(requestTraining({ store, clock }))),
    queues.schedule("recovery", { everyMs: RECOVERY_EVERY_MS }, () => plan(requestRecovery({ store, clock }))),
    queues.schedule("health", { everyMs: HEALTH_EVERY_MS }, () => plan(requestHealthPass({ store, clock }))),
    ...SYNC_SCHEDULES.map(({ name, recurrence, run: request }) =>
      queues.schedule(name, recurrence, () => request(syncing)),
    ),
    scheduleAlerts(config, queues, options.services),
  ]);
  return every(sweepMs, () => sweep(options), {
    jitter: Math.random,
    onError: (error) => log.error({ err: error }, "sweep failed; will retry"),
  });
}

/** Queues use the system's clock, rows the database's. */
function bySystemClock(at: Date, clock: Clock): Again {
  return { againAt: new Date(Date.now() + at.getTime() - clock.now().getTime()) };
}

/** The sweep makes up for every lost wake-up. */
async function sweep(options: WorkOptions): Promise<{ soonerMs?: number }> {
  const { store, queues, clock, sweepMs: graceMs } = options;
  await queues.ensureSchedules();
  const deliveries = await sweepDeliveries({ store, clock, graceMs, wake: (ids) => queues.sweep(ids, graceMs) });
  const jobs = await sweepJobs({ store, queues, clock, graceMs });
  return deliveries >= 1_000 || jobs.more ? { soonerMs: 1_000 } : {};
}

async function measured(options: WorkOptions, delivery: ReceivedDelivery): Promise<void> {
  const { dispatch, metrics, errors, log, tracing } = options;
  const { guid, name, payload } = delivery;
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  try {
    const about = { trace: traceIdOf(guid), root: true, attributes: { "companyos.delivery": guid } };
    await tracing.span(`delivery ${name}`, about, () => dispatch(delivery, () => processAndWake(options, delivery)));
    metrics.delivery(name, seconds());
  } catch (error) {
    metrics.delivery(name, seconds(), error ?? "nothing was thrown");
    if (kindOf(error) === "unknown") {
      const reference = errors.capture(error, { delivery: guid, event: name });
      deliveryLog(log, guid, payload).error({ err: error, reference }, "delivery failed unexpectedly");
    }
    throw error;
  }
}

async function processAndWake(options: WorkOptions, delivery: ReceivedDelivery): Promise<void> {
  const { store, registry: jobs, clock, log, queues } = options;
  const input = { ...delivery, traceId: traceIdOf(delivery.guid) };
  const processed = await processDelivery({ store, jobs, clock, log }, input);
  await queues.add(processed?.wakeUps ?? []);
}
