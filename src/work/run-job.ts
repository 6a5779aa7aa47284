import type { Deferral, JobRequest, Outcome } from "../domain.js";
import { GoneError, InvalidError, policyFor } from "../errors.js";
import { type ClaimedJob, claimJob } from "../store/jobs/claim-job.js";
import { nextOfKey, type RunOf } from "../store/jobs/end-job.js";
import { recoverJobs } from "../store/jobs/recover-jobs.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Sql } from "../store/store.js";
import { excludedReason } from "../store/tenants/excluded.js";
import { type ErrorTracker, UNTRACKED } from "../telemetry/error-tracker.js";
import { type Tracing, UNTRACED } from "../telemetry/tracing.js";
import type { JobEnded } from "../telemetry/metrics.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import { type JobRegistry, planOf } from "../jobs/define-job.js";
import { contextOf, type JobServices, logOf } from "./job-context.js";
import { holdLease, type Lease } from "./lease.js";
import { persist } from "./persist.js";
import { logFailure } from "./log-failure.js";
import { type Ended, recordFailure, recordOutcome, recordStop } from "./record-end.js";

export interface JobRunnerOptions extends JobServices {
  readonly registry: JobRegistry;
  /** Adds wake-ups to the queues. */
  wake(wakeUps: readonly JobWakeUp[]): Promise<void>;
  /** A random number in [0, 1) that spreads retries. */
  random(): number;
  /** A unique token for one run. */
  token(): string;
  /** The length of a lease. */
  readonly leaseMs: number;
  /** True in an inline host: it runs rows before they are due, and starts long after the event. */
  readonly early?: boolean;
  /** Receives unexpected errors, in addition to the log. */
  readonly errors?: ErrorTracker;
  readonly tracing?: Tracing;
  /** Receives each run, for metrics. */
  readonly onEnded?: (ended: JobEnded) => void;
}

/** Runs the row if it is due. Returns when it is due again, or null. */
export type JobRunner = (id: bigint, stopping: AbortSignal) => Promise<{ readonly againAt: Date } | null>;

const FAR_FUTURE = new Date("9999-12-31T00:00:00Z");

/** Runs rows of `jobs`: claim, run, record the end, wake jobs that wait for the same key. */
export function jobRunner(options: JobRunnerOptions): JobRunner {
  const { store, clock, leaseMs } = options;
  return async (id, stopping) => {
    const token = options.token();
    const now = clock.now();
    const claim = await claimJob(store.sql, { id, token, now, leaseMs, ...(options.early && { dueBy: FAR_FUTURE }) });
    switch (claim.status) {
      case "over":
      case "busy":
        return null;
      case "later":
        return { againAt: claim.at };
      case "abandoned":
        await recoverJobs(store.sql, now, 1, id);
        return { againAt: now };
      case "claimed": {
        const againAt = await runAndRecord(options, claim.job, token, stopping);
        return againAt && { againAt };
      }
    }
  };
}

/**
 * Runs a claimed job, records its end, and wakes jobs that wait for the same key.
 * @returns when it is due again, or null.
 */
export async function runAndRecord(
  options: JobRunnerOptions,
  job: ClaimedJob,
  token: string,
  stopping: AbortSignal,
): Promise<Date | null> {
  const start = performance.now();
  const ended = await runClaimed(options, job, token, stopping);
  options.onEnded?.({
    name: job.name,
    queue: options.registry.get(job.name)?.queue ?? "sync",
    status: ended.status,
    errorKind: ended.errorKind,
    seconds: (performance.now() - start) / 1000,
  });
  logOf(options.log, job).info({ status: ended.status, reason: ended.reason }, "job ended");
  await wakeNext(options, job);
  return ended.againAt;
}

async function runClaimed(
  options: JobRunnerOptions,
  job: ClaimedJob,
  token: string,
  stopping: AbortSignal,
): Promise<Ended> {
  const { store, clock, leaseMs } = options;
  const lease = holdLease({ sql: store.sql, id: job.id, token, leaseMs, clock });
  try {
    const record = await attempt(options, job, stopping, lease);
    return await persist(() => record(store.sql, { id: job.id, token, now: clock.now() }));
  } finally {
    lease.release();
  }
}

/** Runs the job and returns how to record its end. Never throws. */
async function attempt(
  options: JobRunnerOptions,
  job: ClaimedJob,
  stopping: AbortSignal,
  lease: Lease,
): Promise<(sql: Sql, run: RunOf) => Promise<Ended>> {
  try {
    const outcome = await runIn(options, job, AbortSignal.any([stopping, lease.lost]));
    return (sql, run) => recordOutcome(sql, run, outcome);
  } catch (error) {
    // A stop or a lost lease is not a failure of the job. Another process may hold the row with its own token.
    if (stopping.aborted) return (sql, run) => recordStop(sql, run, "the process stopped");
    if (lease.expired)
      return (sql, run) => recordStop(sql, run, "the database was unavailable for longer than the lease");
    const { attempts, max_attempts: maxAttempts } = job;
    const facts = { attempt: attempts, maxAttempts, now: options.clock.now(), jitter: options.random() };
    const policy = policyFor(error, facts);
    logFailure(logOf(options.log, job), options.errors ?? UNTRACKED, job, error, policy);
    return (sql, run) => recordFailure(sql, run, error, policy);
  }
}

async function runIn(options: JobRunnerOptions, job: ClaimedJob, signal: AbortSignal): Promise<Outcome | Deferral> {
  if (job.unavailable !== null) throw new GoneError(job.unavailable);
  const { repository_id: repositoryId } = job;
  // The repository may have been denied while the job waited.
  const denied = repositoryId === null ? null : await excludedReason(options.store.sql, repositoryId);
  if (denied !== null) throw new GoneError(denied);
  const defined = options.registry.get(job.name);
  if (!defined) throw new InvalidError(`this version has no job ${job.name}`);
  const { tracing = UNTRACED } = options;
  const attributes = { "companyos.job": String(job.id), "companyos.attempt": job.attempts };
  const context = {
    ...contextOf(options, job, signal),
    ...(options.early && { lagPassed: true }),
    plan: (wanted: readonly JobRequest[]) => plan(options, job, wanted),
  };
  return tracing.span(`job ${job.name}`, { trace: job.trace_id, attributes }, () => defined.run(job.payload, context));
}

async function plan(options: JobRunnerOptions, job: ClaimedJob, requests: readonly JobRequest[]): Promise<void> {
  const { store, registry, clock } = options;
  const plans = requests.filter(({ name }) => registry.has(name)).map((request) => planOf(registry, request));
  const { installation_id: installationId, delivery_guid: deliveryGuid, trace_id: traceId } = job;
  const origin = { installationId, deliveryGuid, traceId, now: clock.now() };
  const planned = await store.transaction((sql) => planJobs(sql, plans, origin));
  await options.wake(planned.map(({ wakeUp }) => wakeUp));
}

async function wakeNext(options: JobRunnerOptions, job: ClaimedJob): Promise<void> {
  const next = await nextOfKey(options.store.sql, job, options.clock.now());
  if (next) await options.wake([next]);
}
