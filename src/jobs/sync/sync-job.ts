import { createHash } from "node:crypto";
import { z } from "zod";
import type { Deferral, Outcome } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import { openRun, openRunOf, readRun, runRequestedBy } from "../../store/sync/runs.js";
import { MODES } from "../../sync/entity.js";
import type { SyncOptions } from "../../sync/run/options.js";
import { runSync } from "../../sync/run/run-sync.js";
import { type DefinedJob, defineJob } from "../define-job.js";
import type { JobContext } from "../job.js";

export const SYNC_JOB = "sync";

const RUNS_AT_ONCE = 4;
/** How many of those slots are reserved for short runs: a full run takes hours, and others must not wait for it. */
const KEPT_FOR_SHORT = 1;
/** When a run without a free slot tries again. */
const BUSY_MS = 2_000;

/** The payload of a sync. With `runId` it works on that run, otherwise on a new one. */
export const SyncPayload = z.object({
  installationId: id,
  mode: z.enum(MODES),
  /** `owner/name` or `owner/name#number` of a spot sync; the repositories of a partial full sync. */
  subject: z.string().nullable().default(null),
  runId: z.string().nullable().default(null),
});
export type SyncPayload = z.infer<typeof SyncPayload>;

export interface SyncJobOptions extends SyncOptions {
  /** The most concurrent runs in this process; live deliveries share their queue. Default 4. */
  readonly runsAtOnce?: number;
  /** Receives each ended run, for metrics. */
  readonly onEnded?: (run: { readonly mode: string; readonly status: string; readonly seconds: number }) => void;
}

/**
 * Works on one run until it ends. When the rate limit is used up it waits without using an attempt, and continues where
 * it was.
 */
export function syncJob(options: SyncJobOptions): DefinedJob {
  const { runsAtOnce = RUNS_AT_ONCE } = options;
  const running = { full: 0, short: 0 };
  /** Null: a slot is free. */
  const fullReason = (kind: keyof typeof running): string | null => {
    const all = running.full + running.short;
    if (all >= runsAtOnce) return `${all} other syncs are running`;
    if (kind === "short" || running.full < Math.max(1, runsAtOnce - KEPT_FOR_SHORT)) return null;
    return `${running.full} other full syncs are running`;
  };
  return defineJob<SyncPayload>({
    name: SYNC_JOB,
    queue: "sync",
    class: "sync",
    payload: SyncPayload,
    attempts: 8,
    key: keyOfSync,
    async run(payload, context): Promise<Outcome | Deferral> {
      const kind = payload.mode === "full" ? "full" : "short";
      const reason = fullReason(kind);
      if (reason !== null) return { status: "later", reason, at: new Date(context.clock.now().getTime() + BUSY_MS) };
      running[kind] += 1;
      try {
        const runId = await runOf(payload, context);
        try {
          return await runSync({ ...options, log: context.log }, runId, context.signal, context.tries);
        } finally {
          await reportEnd(options, runId);
        }
      } finally {
        running[kind] -= 1;
      }
    },
  });
}

export function keyOfSync({ installationId, mode, subject }: SyncPayload): string {
  if (subject === null) return `${installationId}/${mode}`;
  // The key is indexed, and a list of many names would be too long for it.
  const short = subject.length <= LONGEST_KEY ? subject : createHash("sha256").update(subject).digest("hex");
  return `${installationId}/${mode}/${short}`;
}
const LONGEST_KEY = 200;

/**
 * A repeated job finds the run that it opened before, even an ended one. A job whose run has ended takes the run that
 * was opened since, because that run's own plan was merged into this job.
 */
async function runOf({ installationId, mode, subject, runId }: SyncPayload, context: JobContext): Promise<bigint> {
  const { store, clock, jobId } = context;
  if (runId !== null) {
    const open = await openRunOf(store.sql, { installationId: BigInt(installationId), mode, subject });
    return open?.id ?? BigInt(runId);
  }
  const requestedBy = `job ${jobId}`;
  const request = { installationId: BigInt(installationId), mode, repositoryId: null, subject, requestedBy };
  return store.transaction(async (sql) => {
    const mine = await runRequestedBy(sql, request.installationId, requestedBy);
    return mine?.id ?? (await openRun(sql, { ...request, now: clock.now() })).run.id;
  });
}

/** Never throws: the result of the run matters more than its metric. */
async function reportEnd({ store, onEnded }: SyncJobOptions, runId: bigint): Promise<void> {
  if (!onEnded) return;
  const run = await readRun(store.sql, runId).catch(() => null);
  if (!run?.finished_at || !run.started_at) return;
  const { mode, status, started_at: from, finished_at: to } = run;
  onEnded({ mode, status, seconds: (to.getTime() - from.getTime()) / 1000 });
}
