import { CircuitOpenError, kindOf } from "../../errors.js";
import { GET_ORG_REPOSITORIES } from "../../github/queries/get-org-repositories.js";
import { ask } from "../../github/queries/query.js";
import { countRun } from "../../store/sync/runs.js";
import { budgetedClient, type Spent } from "../budget/budgeted-client.js";
import type { CallClass } from "../budget/class.js";
import type { ActiveRun } from "./active-run.js";

const WAIT_MS = 60_000;

/**
 * Asks both APIs for next to nothing, before a list that gets no answer is called bad: 502 is an answer to a page that is
 * too large as well as to everything in an outage.
 * @throws CircuitOpenError in an outage: the run waits, and uses up no attempt. A used-up quota.
 */
export async function rejectOutage(run: ActiveRun, ofClass: CallClass): Promise<void> {
  const { installationId, account, signal, options } = run;
  const { budget, clock, store } = options;
  const spent: Spent = { points: 0, requests: 0 };
  const calls = { installationId, budget, class: ofClass, signal, spent };
  const client = budgetedClient(options.client(installationId), calls);
  try {
    await client.rest("GET /installation/repositories", { per_page: 1 });
    await ask(client, GET_ORG_REPOSITORIES, { login: account, pageSize: 1, cursor: null });
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "rate-limit") throw error;
    if (kind !== "network") return;
    const until = new Date(clock.now().getTime() + WAIT_MS);
    throw new CircuitOpenError("GitHub answers nothing", until, { cause: error });
  } finally {
    await countRun(store.sql, run.id, run.runner, clock.now(), { pages: 0, written: 0, unchanged: 0, ...spent });
  }
}
