import { z } from "zod";
import type { Outcome } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import { openRun, openRunOf, readRun, runRequestedBy } from "../../store/sync/runs.js";
import { MODES } from "../../sync/entity.js";
import type { SyncOptions } from "../../sync/run/options.js";
import { runSync } from "../../sync/run/run-sync.js";
import { type DefinedJob, defineJob } from "../define-job.js";
import type { JobContext } from "../job.js";

export const SYNC_JOB = "sync";

/** What a sync is about. With `runId` it works on that run, without it on one of its own. */
export const SyncPayload = z.object({
  installationId: id,
  mode: z.enum(MODES),
  /** `owner/name` or `owner/name#number` of a spot sync. */
  subject: z.string().nullable().default(null),
  runId: z.string().nullable().default(null),
});
export type SyncPayload = z.infer<typeof SyncPayload>;

export interface SyncJobOptions extends SyncOptions {
  /** Told of each run that is over, for metrics. */
  readonly onEnded?: (run: { readonly mode: string; readonly status: string; readonly seconds: number }) => void;
}

/** Works on one run until it is done. Out of quota it waits, at the cost of no attempt, and goes on where it was. */
export function syncJob(options: SyncJobOptions): DefinedJob {
  return defineJob<SyncPayload>({
    name: SYNC_JOB,
    queue: "sync",
    payload: SyncPayload,
    attempts: 8,
    key: keyOfSync,
    async run(payload, context): Promise<Outcome> {
      const runId = await runOf(payload, context);
      try {
        return await runSync({ ...options, log: context.log }, runId, context.signal);
      } finally {
        await tellEnd(options, runId);
      }
    },
  });
}

export function keyOfSync({ installationId, mode, subject }: SyncPayload): string {
  return subject === null ? `${installationId}/${mode}` : `${installationId}/${mode}/${subject}`;
}

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
