import type { Sql } from "../store/store.js";
import type { Effect } from "./effect.js";

/** On whose behalf effects are written; a `JobContext` fits. */
export interface EffectContext {
  readonly jobId: bigint | null;
  readonly deliveryGuid: string | null;
}

/**
 * The states of a row in the ledger. `intended`: called or about to be; `adopted`: found at GitHub from an earlier
 * attempt; `blocked`: writes are paused, or the repository is denied; `cancelled`: pointless now, `reason` says why.
 */
export const EFFECT_STATUSES = ["intended", "done", "adopted", "dry-run", "blocked", "failed", "cancelled"] as const;
export type EffectStatus = (typeof EFFECT_STATUSES)[number];

export interface EffectResult {
  readonly effect: Effect;
  /** sha256 of what and where, hex. */
  readonly intent: string;
  readonly status: EffectStatus;
  /** What this call changed at GitHub; null when nothing was called for. */
  readonly change: "created" | "updated" | "unchanged" | null;
  readonly githubId: string | null;
  readonly url: string | null;
  /** Why nothing was done, when nothing was. */
  readonly reason: string | null;
  /** What of it GitHub refused, where the rest was done by this call. */
  readonly note?: string;
}

/**
 * What to write instead, by the rows as they are when the effect's turn comes: until it is written, no other effect on
 * the same target is. The target stays the same. `outdated`: it is cancelled, and why.
 */
export type Revise = (effect: Effect, sql: Sql) => Promise<Effect | { readonly outdated: string }>;

/** Where decisions become effects, bound to one installation. Dry run is another writer. */
export interface EffectWriter {
  /**
   * Applies the effects in order, each at most once however often this is called with it.
   * @throws the first passing failure (rate limit, network, authentication, unknown) at once: call again later and it
   * goes on where it stopped. A final one (gone, invalid) is thrown after the others have been tried.
   */
  apply(effects: readonly Effect[], context: EffectContext, revise?: Revise): Promise<readonly EffectResult[]>;
}
