import type { Clock } from "../../domain.js";
import { requestSync } from "../sync/request-sync.js";
import type { GitHubClient } from "../../github/client.js";
import type { Log } from "../../log.js";
import { askable, type LostDelivery, recordLosses, settleArrived } from "../../store/drift/ledger.js";
import { giveUpAsking, settleRead } from "../../store/drift/sync-instead.js";
import { raiseWatermark, readWatermark } from "../../store/drift/watermark.js";
import type { JobWakeUp } from "../../store/jobs/wake-up.js";
import type { Store } from "../../store/store.js";
import { activeInstallations } from "../../store/sync/repositories.js";
import { type Asked, askAgain, type Sleep } from "./ask-again.js";
import { findLost, type FoundLost } from "./find-lost.js";
import { readInstead } from "./read-instead.js";
import type { RecoveryRules } from "./rules.js";

export interface Recovery {
  readonly store: Store;
  /** A client of the App itself. */
  readonly app: Pick<GitHubClient, "rest" | "pages">;
  readonly clock: Clock;
  readonly log: Log;
  readonly sleep: Sleep;
  readonly rules: RecoveryRules;
  wake(wakeUps: readonly JobWakeUp[]): Promise<void>;
}

export interface Recovered extends Asked {
  readonly listed: number;
  /** Losses that were not known before. */
  readonly found: number;
  readonly healed: number;
  /** Losses whose repository is now read instead. */
  readonly toRead: number;
  /** Losses older than the first recovery, which the first sync covers. */
  readonly leftToSync: number;
  /** The last comparison is older than GitHub's list, so losses in between are unknown. */
  readonly gap: boolean;
}

/** The most losses requested in one pass, so that its list fits in memory. */
const MOST = 20_000;

/**
 * One recovery pass: compares GitHub's list of deliveries with the stored ones, and requests or reads the missing ones.
 * Can be interrupted and repeated at any point: the ledger records requests, the watermark records comparisons.
 */
export async function recover(recovery: Recovery, signal: AbortSignal): Promise<Recovered> {
  const { store, app, clock, rules } = recovery;
  const { sql } = store;
  let healed = (await settleArrived(sql)) + (await settleRead(sql));
  const watermark = await readWatermark(sql);
  const comparedAt = clock.now();
  const oldest = comparedAt.getTime() - rules.redeliverableMs;
  const since = new Date(Math.max(oldest, (watermark?.listedTo?.getTime() ?? 0) - rules.overlapMs));
  const compared = await findLost({ app, sql, clock, signal }, since);
  const lost = watermark === null && compared.lost.length > rules.firstMost ? lifecycle(compared.lost) : compared.lost;
  const found = await recordLosses(sql, lost, clock.now());
  // Judged by the time of the last comparison: in quiet days the newest delivery is old although nothing was lost.
  const last = watermark?.comparedAt ?? null;
  const gap = last !== null && last.getTime() < oldest;
  if (gap) await reconcileAll(recovery, last, compared);
  await raiseWatermark(sql, { listedTo: compared.newest, comparedAt }, clock.now());
  const askRules = { ...rules, now: clock.now() };
  const toRead = await giveUpAsking(sql, askRules);
  const asked = await askAgain({ ...recovery, sql, signal }, await askable(sql, askRules, MOST));
  await recovery.wake(await readInstead({ store, clock, redeliverableMs: rules.redeliverableMs }));
  healed += await settleArrived(sql);
  return {
    listed: compared.listed,
    found,
    healed,
    toRead: toRead + asked.refused,
    gap,
    leftToSync: compared.lost.length - lost.length,
    ...asked,
  };
}

/** Deliveries about installations; the sync that follows them finds the rest. */
function lifecycle(lost: readonly LostDelivery[]): readonly LostDelivery[] {
  return lost.filter(({ event }) => event.startsWith("installation") || event === "github_app_authorization");
}

/** After days without recovery only a comparison with GitHub finds the losses. */
async function reconcileAll(recovery: Recovery, comparedAt: Date, { oldest }: FoundLost): Promise<void> {
  const { store, clock, log } = recovery;
  log.warn(
    { from: comparedAt, to: oldest },
    "GitHub no longer lists deliveries of that time; a full comparison replaces them",
  );
  for (const installationId of await activeInstallations(store.sql)) {
    const request = { installationId, mode: "reconcile", subject: null, requestedBy: "recovery" } as const;
    await recovery.wake((await requestSync({ store, clock }, request)).wakeUps);
  }
}
