import type { Effect } from "./effect.js";
import type { GitHubClient, Parameters } from "../github/client.js";
import type { AppIdentity } from "./author.js";
import type { LedgerRow } from "../store/effects/ledger.js";
import type { Mark } from "./marker.js";

/** One try to bring an effect about: what it may use, and what the ledger knows. */
export interface Attempt extends Mark {
  readonly github: GitHubClient;
  identity(): Promise<AppIdentity>;
  /** The last effect that is known to stand on the same target. */
  readonly standing: Standing | null;
  /**
   * When the first attempt on this target started that may have reached GitHub without our knowing; null when none
   * did, and nothing need be looked for.
   */
  readonly unsureSince: Date | null;
  /** Every effect of the repository on a target, oldest first. */
  onTarget(target: string): Promise<readonly LedgerRow[]>;
}

export interface Standing {
  readonly githubId: string;
  readonly url: string | null;
  /** Null when this version of the app cannot read it any more. */
  readonly effect: Effect | null;
}

/** What came of an attempt; `skipped` says why nothing was to be done. */
export type Performed =
  | {
      readonly change: "created" | "updated" | "unchanged";
      /** Whether it was found at GitHub, from an attempt whose answer never came. */
      readonly adopted: boolean;
      readonly githubId: string | null;
      readonly url: string | null;
      /** What of it GitHub refused, where the rest was done. */
      readonly note?: string;
    }
  | { readonly skipped: string };

/** Clocks differ: GitHub's and the database's by this much at the most. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** GitHub's `since`: what was updated before it cannot be of the attempt that is looked for. */
export function sinceOf(unsureSince: Date): string {
  return new Date(unsureSince.getTime() - CLOCK_SKEW_MS).toISOString();
}

/** The parameters that every route of the effect's repository takes. */
export function inRepository(effect: Effect): Parameters {
  return { owner: effect.repository.owner, repo: effect.repository.name };
}
