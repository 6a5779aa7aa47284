import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "../config.js";
import type { Clock } from "../domain.js";
import type { GitHubClient } from "../github/client.js";
import type { DefinedJob } from "../jobs/define-job.js";
import { syncJob, type SyncJobOptions } from "../jobs/sync/sync-job.js";
import type { Log } from "../log.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import type { Store } from "../store/store.js";
import { type Budget, createBudget, type Sleep } from "../sync/budget/budget.js";
import { budgetedClient } from "../sync/budget/budgeted-client.js";
import { BUDGET_DEFAULTS } from "../sync/budget/class.js";

const sleep: Sleep = (ms, signal) => wait(ms, undefined, { signal });

/** The budget of this process, with its state in a row that all processes share. */
export function openBudget(options: {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly leaseMs: number;
}): Budget {
  const { config, store, clock, leaseMs } = options;
  return createBudget({ store, clock, settings: { ...BUDGET_DEFAULTS, leaseMs, reserve: config.quotaReserve }, sleep });
}

/**
 * The clients of everything except the sync. They use the same budget without counting costs. A wait for a turn rejects
 * with the reason of `signal`.
 */
export function budgetedClients(
  budget: Budget,
  client: (installationId: bigint) => GitHubClient,
  signal: AbortSignal,
): (of: "live" | "agents") => (installationId: bigint) => GitHubClient {
  return (of) => (installationId) =>
    budgetedClient(client(installationId), {
      installationId,
      budget,
      class: of,
      signal,
      spent: { points: 0, requests: 0 },
    });
}

/** The job that mirrors an organisation, a repository or one issue. */
export function openSync(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly budget: Budget;
  client(installationId: bigint): GitHubClient;
  readonly onEnded: NonNullable<SyncJobOptions["onEnded"]>;
}): DefinedJob {
  return syncJob({ ...options, deniedReason, sleep, token: randomUUID });
}
