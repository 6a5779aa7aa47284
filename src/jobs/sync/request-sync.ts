import type { Clock } from "../../domain.js";
import { type JobPlan, planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import { openRun, type RunRequest, type SyncRun } from "../../store/sync/runs.js";
import type { Store } from "../../store/store.js";
import type { SyncMode } from "../../sync/entity.js";
import { keyOfSync, SYNC_JOB, type SyncPayload } from "./sync-job.js";

export interface SyncRequest {
  readonly installationId: bigint;
  readonly mode: SyncMode;
  readonly subject: string | null;
  readonly requestedBy: string;
}

export interface RequestedSync {
  readonly run: SyncRun;
  /** False: a run for the same subject was already open. */
  readonly created: boolean;
  /** Wake-ups to add to the queues. */
  readonly wakeUps: readonly JobWakeUp[];
}

const ATTEMPTS = 8;

/** Opens a run and plans its job, in one transaction. Two requests make one run with one waiting job. */
export function requestSync(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  request: SyncRequest,
): Promise<RequestedSync> {
  const now = clock.now();
  return store.transaction(async (sql) => {
    const opening: RunRequest = { ...request, repositoryId: null, now };
    const { run, created } = await openRun(sql, opening);
    // An open run may have lost its job, to a dead letter or a suspension. A second job for it finds nothing left to
    // do.
    const { mode, subject, installationId } = request;
    const payload = { installationId: Number(installationId), mode, subject, runId: String(run.id) };
    const planned = await planJobs(sql, [planOfSync(payload)], {
      installationId,
      deliveryGuid: null,
      traceId: null,
      now,
    });
    const fresh = planned.filter(({ status }) => status === "planned");
    return { run, created, wakeUps: fresh.map(({ wakeUp }) => wakeUp) };
  });
}

/** The row of a sync's job, for callers without a registry. */
export function planOfSync(payload: SyncPayload): JobPlan {
  const key = keyOfSync(payload);
  return { queue: "sync", class: "sync", name: SYNC_JOB, key, payload, maxAttempts: ATTEMPTS, delayMs: 0 };
}
