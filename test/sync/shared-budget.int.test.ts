import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { readConfig } from "../../src/config.js";
import { PausedError, policyFor, RateLimitError } from "../../src/errors.js";
import type { GitHubClient } from "../../src/github/client.js";
import { openBudget } from "../../src/host/sync.js";
import { readBudget } from "../../src/store/sync/budget-row.js";
import { createBudget } from "../../src/sync/budget/budget.js";
import { budgetedClient } from "../../src/sync/budget/budgeted-client.js";
import { BUDGET_DEFAULTS, type CallClass, CLASS_SHARES } from "../../src/sync/budget/class.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase({ poolSize: 10 });
const signal = new AbortController().signal;
const clock = { now: () => new Date() };
const budget = createBudget({
  store,
  clock,
  settings: BUDGET_DEFAULTS,
  sleep: (ms, aborted) => wait(ms, undefined, { signal: aborted }),
});
const HOUR = 3_600_000;

let installations = 0n;
/** An installation of which a part of the quota is left, and a client of it that answers when it is told to. */
async function quota(remaining: number) {
  const installationId = (installations += 1n);
  await store.sql.query(
    `INSERT INTO rate_budgets (installation_id, resource, quota_limit, remaining, reset_at)
     VALUES ($1, 'core', 1000, $2, $3), ($1, 'graphql', 1000, $2, $3)`,
    [installationId, remaining, new Date(Date.now() + HOUR)],
  );
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const asked: string[] = [];
  const unused = (): never => {
    throw new Error("not used here");
  };
  const client: GitHubClient = {
    async rest(route) {
      asked.push(route);
      await answered;
      return { status: 200, data: { rateLimit: null } };
    },
    pages: unused,
    query: unused,
  };
  const as = (of: CallClass): GitHubClient =>
    budgetedClient(client, { installationId, budget, class: of, signal, spent: { points: 0, requests: 0 } });
  const core = () => readBudget(store, installationId, "core");
  return { installationId, as, asked, core, answer: () => answer() };
}

it("a live call is made while a full sync waits, and everybody sees it", async () => {
  const { as, asked, core, answer } = await quota(200);
  await expect(as("full").rest("GET /full")).rejects.toThrow("rate limit for full calls is used up");
  const live = as("live").rest("GET /live");
  await expect.poll(() => asked).toEqual(["GET /live"]);
  const agent = as("agents").rest("GET /agent");
  await expect.poll(() => asked).toEqual(["GET /live", "GET /agent"]);
  expect((await core())?.leases.map(({ points }) => points)).toEqual([1, 1]);
  answer();
  await Promise.all([live, agent]);
  await expect.poll(async () => (await core())?.leases).toEqual([]);
  expect((await core())?.remaining).toBe(198);
});

it("a sync uses the limits that a live call received", async () => {
  const { installationId, as, core, answer } = await quota(900);
  answer();
  await as("full").rest("GET /full");
  budget.observe({
    installationId,
    route: "GET /live",
    status: 200,
    durationMs: 1,
    rateLimit: { limit: 1_000, remaining: 240, used: 760, resetAt: new Date(Date.now() + HOUR), resource: "core" },
  });
  await as("live").rest("GET /live");
  await expect.poll(async () => (await core())?.remaining).toBe(240);
  await expect(as("full").rest("GET /full")).rejects.toBeInstanceOf(RateLimitError);
});

it("a live call takes one statement before it is made, and none is waited for behind it", async () => {
  const { installationId, as, answer } = await quota(900);
  const statements: string[] = [];
  const watched = createBudget({
    store: {
      ...store,
      sql: { query: (text, values, name) => (statements.push(text), store.sql.query(text, values, name)) },
      transaction: () => new Promise(() => undefined),
    },
    clock,
    settings: BUDGET_DEFAULTS,
    sleep: (ms, aborted) => wait(ms, undefined, { signal: aborted }),
  });
  answer();
  const client = budgetedClient(as("live"), {
    installationId,
    budget: watched,
    class: "live",
    signal,
    spent: { points: 0, requests: 0 },
  });
  expect(await client.rest("GET /live")).toMatchObject({ status: 200 });
  expect(statements).toHaveLength(1);
});

it("a live call continues when the budget's row is locked or unreadable", async () => {
  const { installationId, as, answer } = await quota(900);
  answer();
  await store.transaction(async (sql) => {
    await sql.query("SELECT * FROM rate_budgets WHERE installation_id = $1 FOR UPDATE", [installationId]);
    expect(await as("live").rest("GET /live")).toMatchObject({ status: 200 });
  });
});

it("no call starts while GitHub refuses all of them", async () => {
  const { installationId, as, asked, core } = await quota(900);
  await store.sql.query("UPDATE rate_budgets SET blocked_until = $2 WHERE installation_id = $1", [
    installationId,
    new Date(Date.now() + HOUR),
  ]);
  for (const of of ["live", "agents", "full"] as const)
    await expect(as(of).rest("GET /any")).rejects.toBeInstanceOf(RateLimitError);
  expect(asked).toEqual([]);
  await expect.poll(async () => (await core())?.leases).toEqual([]);
  expect((await core())?.remaining).toBe(900);
});

it("running calls of a dead process delay a sync for one lease at most", { timeout: 20_000 }, async () => {
  const { installationId } = await quota(900);
  const ours = openBudget({ config: readConfig({}), store, clock, leaseMs: 300 });
  const call = { resource: "core", class: "full", points: 1, signal } as const;
  const asked = Date.now();
  const never = Array.from({ length: CLASS_SHARES.full.concurrency }, () => ours.take(installationId, call));
  await Promise.all(never);
  const next = await ours.take(installationId, call);
  expect(next.startedAt).toBeGreaterThanOrEqual(asked + 300);
});

it("a call that gets no turn in time gives its place away, at the cost of no attempt", async () => {
  const { installationId, as, asked } = await quota(900);
  const debt = new Date(Date.now() + 50_000);
  await store.sql.query("UPDATE rate_budgets SET points_at = $2 WHERE installation_id = $1", [installationId, debt]);
  const began = Date.now();
  const error: unknown = await as("agents")
    .rest("GET /late")
    .catch((thrown: unknown) => thrown);
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(asked).toEqual([]);
  expect(error).toBeInstanceOf(PausedError);
  const facts = { attempt: 8, maxAttempts: 8, now: new Date(), jitter: 0 };
  expect(policyFor(error, facts).kind).toBe("retry-at");
});

it("a wait for a place among too many calls ends after some seconds, and at once when the process stops", async () => {
  const { installationId } = await quota(900);
  const until = Date.now() + 60_000;
  const leases = Array.from({ length: 20 }, (_, n) => ({ token: `${n}`, points: 0, until }));
  await store.sql.query("UPDATE rate_budgets SET leases = $2::jsonb WHERE installation_id = $1", [
    installationId,
    JSON.stringify(leases),
  ]);
  const ask = { resource: "core", class: "agents", points: 1 } as const;
  await expect(budget.take(installationId, { ...ask, signal })).rejects.toBeInstanceOf(PausedError);
  const stopping = new AbortController();
  const stopped = budget.take(installationId, { ...ask, signal: stopping.signal });
  stopping.abort(new PausedError("rate-limit", "the process stops", new Date()));
  await expect(stopped).rejects.toBeInstanceOf(PausedError);
});
