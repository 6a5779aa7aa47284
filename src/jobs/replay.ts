import { z } from "zod";
import type { Clock } from "../domain.js";
import { findDelivery, resetDelivery } from "../store/deliveries/reset-delivery.js";
import { readBody } from "../store/deliveries/delivery-body.js";
import { type Requeued, requeueFailedJobs, requeueJobs } from "../store/jobs/requeue-jobs.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import type { Store } from "../store/store.js";

export interface Replaying {
  readonly store: Store;
  readonly clock: Clock;
  wakeJobs(wakeUps: readonly JobWakeUp[]): Promise<void>;
  wakeDeliveries(ids: readonly string[]): Promise<void>;
}

/** The result of a request to replay one delivery. */
export type Replayed =
  | { readonly status: "replayed"; readonly installationId: bigint | null; readonly requeued: readonly Requeued[] }
  /** `unfinished`: a worker is processing it, or will. `no-body`: past its retention. `unknown`: not stored. */
  | { readonly status: "unfinished" | "no-body" | "unknown" | "duplicate" };

/** Makes a finished delivery due again with all its attempts, and its dead letters too. */
export async function replayOne(replaying: Replaying, guid: string): Promise<Replayed> {
  const { store, clock } = replaying;
  const delivery = await findDelivery(store.sql, guid);
  if (!delivery) return { status: "unknown" };
  if (delivery.status === "duplicate") return { status: "duplicate" };
  if (!(await readBody(store.sql, guid))) return { status: "no-body" };
  const requeued = await store.transaction(async (sql) =>
    (await resetDelivery(sql, guid)) ? requeueJobs(sql, guid, clock.now()) : null,
  );
  if (requeued === null) return { status: "unfinished" };
  await replaying.wakeDeliveries([delivery.id]);
  await replaying.wakeJobs(requeued.map(({ wakeUp }) => wakeUp));
  return { status: "replayed", installationId: delivery.installationId, requeued };
}

/** Replays each. `kept`: those that could not be replayed. */
export async function replayDeliveries(
  replaying: Replaying,
  guids: readonly string[],
): Promise<{ readonly replayed: number; readonly kept: number }> {
  let replayed = 0;
  for (const guid of guids) if ((await replayOne(replaying, guid)).status === "replayed") replayed += 1;
  return { replayed, kept: guids.length - replayed };
}

/** The most failed deliveries in one retry. */
const MOST = 1_000;

const Failed = z.object({ guid: z.string(), installation_id: z.coerce.bigint() });

/** The retried work of one installation. */
export interface Retried {
  readonly installationId: bigint;
  readonly deliveries: number;
  readonly jobs: number;
}

/** Retries failed deliveries and dead letters of these installations, with all their attempts. */
export async function retryFailedWork(
  replaying: Replaying,
  installations: readonly bigint[],
): Promise<readonly Retried[]> {
  const { store, clock } = replaying;
  const rows = await store.sql.query(
    `SELECT guid, installation_id FROM deliveries WHERE status = 'failed' AND installation_id = ANY ($1::bigint[]) ORDER BY processed_at DESC LIMIT ${MOST}`,
    [installations],
  );
  const deliveries = new Map<bigint, string[]>();
  for (const { guid, installation_id: id } of rows.map((row) => Failed.parse(row)))
    deliveries.set(id, [...(deliveries.get(id) ?? []), guid]);
  const replayed = new Map<bigint, number>();
  for (const [id, guids] of deliveries) replayed.set(id, (await replayDeliveries(replaying, guids)).replayed);
  const jobs = await requeueFailedJobs(store.sql, installations, clock.now());
  await replaying.wakeJobs(jobs.map(({ wakeUp }) => wakeUp));
  const touched = new Set([...replayed.keys(), ...jobs.map(({ installationId }) => installationId)]);
  return [...touched]
    .map((id) => ({
      installationId: id,
      deliveries: replayed.get(id) ?? 0,
      jobs: jobs.filter(({ installationId }) => installationId === id).length,
    }))
    .filter(({ deliveries: found, jobs: requeued }) => found + requeued > 0);
}
