import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { GitHubClient } from "../../src/github/client.js";
import { openStore, type Store } from "../../src/store/store.js";
import { createBudget } from "../../src/sync/budget/budget.js";
import { BUDGET_DEFAULTS } from "../../src/sync/budget/class.js";
import { parseJson } from "../../src/unchecked.js";
import { syncOptions, toTheEnd } from "./setting.js";

/**
 * A process that works on a run and kills itself, without a word, at its n-th call: before it, after its answer, inside
 * the transaction that stores a page, or behind it.
 */
export const Task = z.object({
  databaseUrl: z.string(),
  github: z.object({ url: z.string(), graphqlUrl: z.string(), appId: z.number(), privateKey: z.string() }),
  runId: z.string(),
  /** Where each call is written down, one line each: `+` and what is asked for, and `-` and the same once it is refused. */
  log: z.string(),
  kill: z.object({ at: z.enum(["call", "answer", "transaction", "commit"]), after: z.number() }).nullable(),
  /** Where the minute is another than that of a short hour. */
  minuteMs: z.number().optional(),
  pointsPerMinute: z.object({ graphql: z.number(), core: z.number() }).optional(),
});
export type Task = z.infer<typeof Task>;

const task = Task.parse(parseJson(process.argv[2] ?? ""));
let calls = 0;

function reached(at: NonNullable<Task["kill"]>["at"]): void {
  if (task.kill?.at === at && calls >= task.kill.after) process.kill(process.pid, "SIGKILL");
}

function watched(client: GitHubClient): GitHubClient {
  const called = async <T>(what: unknown, call: () => Promise<T>): Promise<T> => {
    calls += 1;
    reached("call");
    const line = `${JSON.stringify(what)}\n`;
    appendFileSync(task.log, `+${line}`);
    const answer = await call().catch((error: unknown) => {
      appendFileSync(task.log, `-${line}`);
      throw error;
    });
    reached("answer");
    return answer;
  };
  return {
    ...client,
    rest: (route, parameters) => called([route, parameters], () => client.rest(route, parameters)),
    query: (document, variables, schema) =>
      called([document.name, variables], () => client.query(document, variables, schema)),
  };
}

/** Budgets have their own transactions: only those of pages count. */
function deadly(store: Store): Store {
  return {
    ...store,
    async transaction(work) {
      const result = await store.transaction(async (sql) => {
        const inside = await work(sql);
        reached("transaction");
        return inside;
      });
      reached("commit");
      return result;
    },
  };
}

const clock = { now: () => new Date() };
const store = openStore({ url: task.databaseUrl, poolSize: 6, applicationName: "sync child" });
const { minuteMs = 10_000 / 60, pointsPerMinute = BUDGET_DEFAULTS.pointsPerMinute } = task;
const budget = createBudget({
  store,
  clock,
  settings: { ...BUDGET_DEFAULTS, minuteMs, pointsPerMinute, leaseMs: 2_000 },
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
});
const options = syncOptions(deadly(store), task.github, budget, clock);
await toTheEnd({ ...options, client: (id) => watched(options.client(id)) }, BigInt(task.runId));
await store.close();
