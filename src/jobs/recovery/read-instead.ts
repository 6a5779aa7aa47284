import type { Clock } from "../../domain.js";
import { access } from "../access.js";
import { planOf, registryOf } from "../define-job.js";
import { requestSync } from "../sync/request-sync.js";
import { beginReading, giveUpLosses, type Unread, unreadLosses } from "../../store/drift/sync-instead.js";
import { planJobs } from "../../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import type { Store } from "../../store/store.js";
import { watermarkOf } from "../../store/sync/cursors.js";

export interface Reading {
  readonly store: Store;
  readonly clock: Clock;
  /** Older losses can no longer be recovered by reading their installation. */
  readonly redeliverableMs: number;
}

/**
 * Plans reads of GitHub for losses that no redelivery can recover: of the repository, of the whole installation if the
 * repository is unknown, or first of the installation itself. One read covers all losses of a repository.
 * @returns what to wake.
 */
export async function readInstead(reading: Reading): Promise<readonly JobWakeUp[]> {
  const wakeUps: JobWakeUp[] = [];
  for (const unread of await unreadLosses(reading.store.sql)) wakeUps.push(...(await readOne(reading, unread)));
  return wakeUps;
}

async function readOne(reading: Reading, unread: Unread): Promise<readonly JobWakeUp[]> {
  const { store, clock, redeliverableMs } = reading;
  const { installation_id: installationId, guids } = unread;
  if (installationId === null) return giveUp(reading, guids, "the delivery names no installation");
  if (unread.known && !unread.active) return giveUp(reading, guids, "the App is uninstalled or suspended there");
  if (!unread.known) {
    if (unread.oldest.getTime() < clock.now().getTime() - redeliverableMs)
      return giveUp(reading, guids, "the installation of the delivery is not known");
    return learnOf(reading, installationId);
  }
  const mode = unread.repository === null ? await wholeMode(store, installationId) : "spot";
  const request = { installationId, mode, subject: unread.repository, requestedBy: "recovery" } as const;
  const { run, wakeUps } = await requestSync({ store, clock }, request);
  await beginReading(store.sql, guids, run.id);
  return wakeUps;
}

async function giveUp({ store }: Reading, guids: readonly string[], reason: string): Promise<readonly JobWakeUp[]> {
  await giveUpLosses(store.sql, guids, reason);
  return [];
}

/** An installation without stored rows is read completely. */
async function wholeMode(store: Store, installationId: bigint): Promise<"reconcile" | "full"> {
  return (await watermarkOf(store.sql, installationId)) ? "reconcile" : "full";
}

/**
 * The delivery about the installation was lost: the installation is read from GitHub, and the next recovery finds it.
 */
async function learnOf({ store, clock }: Reading, installationId: bigint): Promise<readonly JobWakeUp[]> {
  const plan = planOf(registryOf([access]), { name: access.name, payload: { installationId: Number(installationId) } });
  const origin = { installationId, deliveryGuid: null, traceId: null, now: clock.now() };
  return (await planJobs(store.sql, [plan], origin)).map(({ wakeUp }) => wakeUp);
}
