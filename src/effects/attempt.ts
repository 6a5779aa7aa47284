import type { Effect } from "./effect.js";
import type { GitHubClient, Parameters } from "../github/client.js";
import type { AppIdentity } from "./author.js";
import type { LedgerRow } from "../store/effects/ledger.js";
import type { Mark } from "./marker.js";

/** One attempt to apply an effect: its tools, and the ledger's knowledge about the target. */
export interface Attempt extends Mark {
  readonly github: GitHubClient;
  identity(): Promise<AppIdentity>;
  /** The latest effect that exists on the same target, as far as the ledger knows. */
  readonly standing: Standing | null;
  /**
   * When the first attempt with an unknown result started. Null: no such attempt exists, and nothing needs to be
   * searched for at GitHub.
   */
  readonly unsureSince: Date | null;
  /** Every effect of the repository on a target, oldest first. */
  onTarget(target: string): Promise<readonly LedgerRow[]>;
}

export interface Standing {
  readonly githubId: string;
  readonly url: string | null;
  /** Null when this version cannot read it. */
  readonly effect: Effect | null;
}

/** The result of an attempt; `skipped` gives the reason for doing nothing. */
export type Performed =
  | {
      readonly change: "created" | "updated" | "unchanged";
      /** Whether the write was found at GitHub, from an attempt whose answer was lost. */
      readonly adopted: boolean;
      readonly githubId: string | null;
      readonly url: string | null;
      /** The parts that GitHub refused while the rest was applied. */
      readonly note?: string;
    }
  | { readonly skipped: string };

/** The largest assumed difference between GitHub's clock and the database's. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** The value of GitHub's `since`: older items cannot come from the attempt that is searched for. */
export function sinceOf(unsureSince: Date): string {
  return new Date(unsureSince.getTime() - CLOCK_SKEW_MS).toISOString();
}

/** The parameters that every route of the effect's repository needs. */
export function inRepository(effect: Effect): Parameters {
  return { owner: effect.repository.owner, repo: effect.repository.name };
}
