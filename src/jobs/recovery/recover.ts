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
  /** Calls of the App itself. */
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
  /** Losses whose repository is read instead, from now on. */
  readonly toRead: number;
  /** Losses from before the first sweep that the first sync reads. */
  readonly leftToSync: number;
  /** Nobody compared for longer than GitHub lists: nobody can say what was lost in between. */
  readonly gap: boolean;
}

/** Losses asked for by one sweep at most, so that its list fits into memory. */
const MOST = 20_000;

/**
 * One sweep: what GitHub says it delivered is compared with what is here, and what is missing is asked for again or
 * read. May be ended and begun again at any point: the ledger knows what was asked, the watermark what was compared.
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
  // Judged by when anybody last looked: in quiet days the newest delivery is old, and nothing was missed.
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

/** What tells of installations: all else is found by the sync that follows it. */
function lifecycle(lost: readonly LostDelivery[]): readonly LostDelivery[] {
  return lost.filter(({ event }) => event.startsWith("installation") || event === "github_app_authorization");
}

/** After days without a sweep only a comparison with GitHub finds what was lost. */
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
