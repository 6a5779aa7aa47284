import type { Sql } from "../store/store.js";
import type { Effect } from "./effect.js";

/** The installation and run for which effects are written. A `JobContext` fits. */
export interface EffectContext {
  readonly jobId: bigint | null;
  readonly deliveryGuid: string | null;
}

/**
 * The states of a row in the ledger. `intended`: being called, or about to be; `adopted`: found at GitHub from an
 * earlier attempt; `blocked`: writes are paused, or the repository is denied; `cancelled`: no longer useful, see
 * `reason`.
 */
export const EFFECT_STATUSES = ["intended", "done", "adopted", "dry-run", "blocked", "failed", "cancelled"] as const;
export type EffectStatus = (typeof EFFECT_STATUSES)[number];

export interface EffectResult {
  readonly effect: Effect;
  /** The SHA-256 (hex) of the effect and its target. */
  readonly intent: string;
  readonly status: EffectStatus;
  /** What this call changed at GitHub; null: nothing. */
  readonly change: "created" | "updated" | "unchanged" | null;
  readonly githubId: string | null;
  readonly url: string | null;
  /** The reason for doing nothing. */
  readonly reason: string | null;
  /** The parts that GitHub refused while this call applied the rest. */
  readonly note?: string;
}

/**
 * The effect to write instead, read when the target is locked, so that no other effect on it is written in between. The
 * target stays the same. `outdated`: cancel the effect, with this reason.
 */
export type Revise = (effect: Effect, sql: Sql) => Promise<Effect | { readonly outdated: string }>;

/** Turns decisions into effects for one installation. A dry run is another implementation. */
export interface EffectWriter {
  /**
   * Applies the effects in order, each at most once, however often this is called.
   * @throws the first temporary failure (rate limit, network, authentication, unknown) at once; a later call continues
   * after the applied effects. A permanent failure (gone, invalid) is thrown after the others have been tried.
   */
  apply(effects: readonly Effect[], context: EffectContext, revise?: Revise): Promise<readonly EffectResult[]>;
}
