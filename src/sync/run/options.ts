import type { Clock } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import type { Log } from "../../log.js";
import type { SyncedTenant } from "../../store/sync/repositories.js";
import type { Store } from "../../store/store.js";
import type { Budget, Sleep } from "../budget/budget.js";

/** What a sync needs from outside. */
export interface SyncOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly budget: Budget;
  /** Calls as the installation, without a budget: the run puts its own around them. */
  client(installationId: bigint): GitHubClient;
  /** Why a repository is left alone, by the account's own lists; null for one that is mirrored. */
  deniedReason(repository: string, tenant: SyncedTenant): string | null;
  readonly sleep: Sleep;
  /** A name for one process's part in a run, never used twice. */
  token(): string;
  /** Pages read at once by one run; the budget has the last word. Default 3. */
  readonly concurrency?: number;
  /** How far an incremental sync looks back behind what is stored, in ms; default 10 minutes: GitHub's search lags. */
  readonly overlapMs?: number;
  /** When what a run gave up is tried again, in ms; default an hour. */
  readonly retryLaterMs?: number;
}

export const DEFAULTS = { concurrency: 3, overlapMs: 10 * 60_000, retryLaterMs: 60 * 60_000 };
