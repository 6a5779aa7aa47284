import { CircuitOpenError } from "../../errors.js";
import { countRun } from "../../store/sync/runs.js";
import { isAnswering } from "../answering.js";
import { budgetedClient, type Spent } from "../budget/budgeted-client.js";
import type { CallClass } from "../budget/class.js";
import type { ActiveRun } from "./active-run.js";

const WAIT_MS = 60_000;

/**
 * Checks whether GitHub responds at all before a failing list is blamed.
 * @throws CircuitOpenError in an outage: the run waits without using an attempt. RateLimitError when the rate limit is
 * used up.
 */
export async function rejectOutage(run: ActiveRun, ofClass: CallClass, cause: unknown): Promise<void> {
  const { installationId, account, signal, options } = run;
  const { budget, clock, store } = options;
  const spent: Spent = { points: 0, requests: 0 };
  const calls = { installationId, budget, class: ofClass, signal, spent };
  try {
    if (await isAnswering(budgetedClient(options.client(installationId), calls), account)) return;
    const until = new Date(clock.now().getTime() + WAIT_MS);
    throw new CircuitOpenError("GitHub does not respond", until, { cause });
  } finally {
    await countRun(store.sql, run.id, run.runner, clock.now(), { pages: 0, written: 0, unchanged: 0, ...spent });
  }
}
