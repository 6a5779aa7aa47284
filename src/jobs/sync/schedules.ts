import type { Clock } from "../../domain.js";
import type { Log } from "../../log.js";
import { giveUpCursors, watermarkOf } from "../../store/sync/cursors.js";
import { activeInstallations } from "../../store/sync/repositories.js";
import { endStalledRuns } from "../../store/sync/runs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import type { Store } from "../../store/store.js";
import type { SyncMode } from "../../sync/entity.js";
import { requestSync } from "./request-sync.js";

export interface ScheduleOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  wake(wakeUps: readonly JobWakeUp[]): Promise<void>;
}

/** A periodic task, run once across all processes. */
export interface SyncSchedule {
  readonly name: string;
  readonly recurrence: { readonly everyMs: number } | { readonly cron: string };
  run(options: ScheduleOptions): Promise<void>;
}

const MINUTE_MS = 60_000;
/** A run that has stored nothing for this long makes no progress. */
const STALLED_MS = 15 * MINUTE_MS;

/** Keeps the mirror up to date without requests. */
export const SYNC_SCHEDULES: readonly SyncSchedule[] = [
  {
    name: "sync-incremental",
    recurrence: { everyMs: 5 * MINUTE_MS },
    run: (options) => requestAll(options, "incremental"),
  },
  { name: "sync-reconcile", recurrence: { cron: "41 1 * * *" }, run: (options) => requestAll(options, "reconcile") },
  { name: "sync-watchdog", recurrence: { everyMs: MINUTE_MS }, run: watch },
];

/** An installation without stored rows is read completely first. */
async function requestAll(options: ScheduleOptions, mode: SyncMode): Promise<void> {
  const { store } = options;
  for (const installationId of await activeInstallations(store.sql)) {
    const stored = await watermarkOf(store.sql, installationId);
    const request = { installationId, mode: stored ? mode : "full", subject: null, requestedBy: "schedule" } as const;
    const { wakeUps } = await requestSync(options, request);
    await options.wake(wakeUps);
  }
}

/** Ends runs without progress; the next incremental sync reads the rest. */
async function watch({ store, clock, log }: ScheduleOptions): Promise<void> {
  const now = clock.now();
  for (const { id, mode, reason } of await endStalledRuns(store.sql, now, STALLED_MS)) {
    await giveUpCursors(store.sql, id, now);
    log.error({ run: String(id), mode, reason }, "sync run made no progress; ended");
  }
}
