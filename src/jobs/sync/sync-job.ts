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
/** Of those, how many are kept for runs that are short: a full one takes hours, and others must not wait for it. */
const KEPT_FOR_SHORT = 1;
/** When a run for which there was no room asks again. */
const BUSY_MS = 2_000;

/** What a sync is about. With `runId` it works on that run, without it on one of its own. */
export const SyncPayload = z.object({
  installationId: id,
  mode: z.enum(MODES),
  /** `owner/name` or `owner/name#number` of a spot sync; the names of the repositories of a full one that is not of all. */
  subject: z.string().nullable().default(null),
  runId: z.string().nullable().default(null),
});
export type SyncPayload = z.infer<typeof SyncPayload>;

export interface SyncJobOptions extends SyncOptions {
  /** Runs that this process works on at once: what live deliveries call for shares their queue. Default 4. */
  readonly runsAtOnce?: number;
  /** Told of each run that is over, for metrics. */
  readonly onEnded?: (run: { readonly mode: string; readonly status: string; readonly seconds: number }) => void;
}

/** Works on one run until it is done. Out of quota it waits, at the cost of no attempt, and goes on where it was. */
export function syncJob(options: SyncJobOptions): DefinedJob {
  const { runsAtOnce = RUNS_AT_ONCE } = options;
  const running = { full: 0, short: 0 };
  /** Null: there is room. */
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
          await tellEnd(options, runId);
        }
      } finally {
        running[kind] -= 1;
      }
    },
  });
}

export function keyOfSync({ installationId, mode, subject }: SyncPayload): string {
  if (subject === null) return `${installationId}/${mode}`;
  // A key is indexed, and many names make a long one.
  const short = subject.length <= LONGEST_KEY ? subject : createHash("sha256").update(subject).digest("hex");
  return `${installationId}/${mode}/${short}`;
}
const LONGEST_KEY = 200;

/**
 * A job that is repeated finds the run that it opened before, even when that is over. A job that was planned for a run
 * that is over by now takes the one that was opened since: its own plan was left to this job.
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

/** Never throws: how the run ended is more than its metric. */
async function tellEnd({ store, onEnded }: SyncJobOptions, runId: bigint): Promise<void> {
  if (!onEnded) return;
  const run = await readRun(store.sql, runId).catch(() => null);
  if (!run?.finished_at || !run.started_at) return;
  const { mode, status, started_at: from, finished_at: to } = run;
  onEnded({ mode, status, seconds: (to.getTime() - from.getTime()) / 1000 });
}
