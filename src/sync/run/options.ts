import type { Clock } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import type { Log } from "../../log.js";
import type { SyncedTenant } from "../../store/sync/repositories.js";
import type { Store } from "../../store/store.js";
import type { Budget, Sleep } from "../budget/budget.js";

/** The dependencies of a sync. */
export interface SyncOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly budget: Budget;
  /** A client of the installation without a budget; the run adds its own. */
  client(installationId: bigint): GitHubClient;
  /** Why the allow and deny lists exclude a repository; null: it is mirrored. */
  deniedReason(repository: string, tenant: SyncedTenant): string | null;
  readonly sleep: Sleep;
  /** A unique token for one process's part in a run. */
  token(): string;
  /** Pages that one run reads concurrently; the budget can lower it. Default 3. */
  readonly concurrency?: number;
  /**
   * How far an incremental sync looks back behind the stored time (ms), because GitHub's search lags; default 10
   * minutes.
   */
  readonly overlapMs?: number;
  /** When a given-up list is retried (ms); default one hour. */
  readonly retryLaterMs?: number;
}

export const DEFAULTS = { concurrency: 3, overlapMs: 10 * 60_000, retryLaterMs: 60 * 60_000 };
