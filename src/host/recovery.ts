import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../domain.js";
import type { GitHubClient } from "../github/client.js";
import { recoveryJob } from "../jobs/recovery/recovery-job.js";
import { RECOVERY_RULES, type RecoveryRules } from "../jobs/recovery/rules.js";
import type { DefinedJob } from "../jobs/define-job.js";
import type { Queues } from "../work/queues.js";
import type { Store } from "../store/store.js";

/** The job that finds and recovers lost deliveries. */
export function openRecovery(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly rules: Partial<RecoveryRules> | undefined;
  app(): GitHubClient | null;
}): DefinedJob {
  const { store, clock, queues, rules, app } = options;
  return recoveryJob({
    store,
    clock,
    app,
    rules: { ...RECOVERY_RULES, ...rules },
    sleep: (ms, signal) => wait(ms, undefined, { signal }),
    wake: (wakeUps) => queues.add(wakeUps),
  });
}
