import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { startGitHub } from "../simulator/index.js";
import { AuthenticationError } from "../src/errors.js";
import { requestHealthPass } from "../src/jobs/health/health-job.js";
import { requestSync } from "../src/jobs/sync/request-sync.js";
import { defineJob } from "../src/jobs/define-job.js";
import { createLog } from "../src/log.js";
import type { Running } from "../src/main.js";
import { raiseAlert } from "../src/store/alerts/raise-alert.js";
import { planJobs } from "../src/store/jobs/plan-jobs.js";
import { untilFinished } from "./crash/setting.js";
import { incident } from "./alerts/setting.js";
import { startBeside } from "./support/app.js";
import { withDatabase } from "./support/database.js";
import { complaintsAbout, valueOf } from "./support/prometheus.js";

/** An agent as the others will be: it works, or it is refused. */
const agent = defineJob({
  name: "test-agent",
  queue: "agents",
  payload: z.object({ works: z.boolean() }),
  attempts: 1,
  key: ({ works }) => String(works),
  run({ works }) {
    if (!works) throw new AuthenticationError("GitHub answered 401");
    return Promise.resolve({ status: "done", reason: "a test" });
  },
});

let letGo: () => void = () => undefined;
const held = new Promise<void>((resolve) => (letGo = resolve));

/** Work that lasts until it is let go. */
const longAgent = defineJob({
  name: "test-long-agent",
  queue: "agents",
  payload: z.object({ n: z.int() }),
  attempts: 1,
  key: ({ n }) => String(n),
  async run() {
    await held;
    return { status: "done", reason: "a test" };
  },
});

const github = await startGitHub();
const { store, url: databaseUrl } = await withDatabase();
const TOKEN = "a token for metrics, long enough";
let app: Running;
let installation: bigint;

beforeAll(async () => {
  app = await startBeside(github, databaseUrl, {
    env: { METRICS_TOKEN: TOKEN },
    log: createLog({ level: process.env["METRICS_LOG"] ?? "silent" }),
    jobs: [agent, longAgent],
    sweepMs: 500,
  });
  await github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  await github.control.apply("createRepository", { repository: "acme/site" });
  installation = BigInt((await github.control.apply("install", {})).id ?? 0);
  await settled();
});
afterAll(async () => {
  await app.close();
  await github.close();
});

async function settled(): Promise<void> {
  await github.control.run("idle", {});
  await untilFinished(store.sql, 60_000);
}

let asked = 0;
async function page(): Promise<string> {
  // Who asks within a second of another gets the same page.
  await delay(1_000 - Math.max(0, Math.min(1_000, performance.now() - asked)));
  const response = await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(response.status).toBe(200);
  const text = await response.text();
  asked = performance.now();
  return text;
}

// The health of an installation comes first: each job that fails below is an incident, which the watch for incidents
// raises again at any moment.

/** How many installations are healthy, degraded and unhealthy. */
async function health(): Promise<readonly number[]> {
  const text = await page();
  return ["healthy", "degraded", "unhealthy"].map((status) =>
    valueOf(text, "companyos_integration_health", { status }),
  );
}

/** A state changes with the second reading in a row. */
async function twoPasses(): Promise<void> {
  for (let pass = 0; pass < 2; pass += 1) {
    await requestHealthPass({ store, clock: { now: () => new Date() } });
    await settled();
  }
}

test("integration health, from a pass over GitHub", async () => {
  await twoPasses();
  await expect.poll(health, { timeout: 10_000 }).toEqual([1, 0, 0]);
  await github.control.run("remaining", { rest: 750 });
  await twoPasses();
  await expect.poll(health, { timeout: 10_000 }).toEqual([0, 1, 0]);
  await github.control.run("remaining", { rest: 10 });
  await twoPasses();
  await expect.poll(health, { timeout: 10_000 }).toEqual([0, 0, 1]);
  await github.control.run("remaining", { rest: 5_000 });
  await twoPasses();
  // The state is well again; its incident stays open for as long as it may come back.
  await store.sql.query("TRUNCATE alerts");
  await expect.poll(health, { timeout: 10_000 }).toEqual([1, 0, 0]);
});

test("integration health, as bad as the worst of its incidents and checks", async () => {
  // A check that has run by itself meanwhile must not speak here.
  await store.sql.query("TRUNCATE alerts, health_checks");
  await expect.poll(health, { timeout: 10_000 }).toEqual([1, 0, 0]);
  await raiseAlert(store.sql, incident({ installationId: installation }), new Date());
  await expect.poll(health, { timeout: 10_000 }).toEqual([0, 1, 0]);
  await raiseAlert(store.sql, incident({ installationId: installation, severity: "critical" }), new Date());
  await expect.poll(health, { timeout: 10_000 }).toEqual([0, 0, 1]);
  await store.sql.query("TRUNCATE alerts");
  await store.sql.query(
    `INSERT INTO health_checks (scope, "check", installation_id, state, alert, since, reason, checked_at)
     VALUES ('a test', 'quota', $1, 'degraded', false, now(), 'a test', now())`,
    [installation],
  );
  await expect.poll(health, { timeout: 10_000 }).toEqual([0, 1, 0]);
});

async function runAgent(works: boolean): Promise<void> {
  const plan = { queue: "agents" as const, name: "test-agent", key: String(works), payload: { works } };
  const origin = { installationId: installation, deliveryGuid: null, traceId: null, now: new Date() };
  await planJobs(store.sql, [{ ...plan, maxAttempts: 1, delayMs: 0 }], origin);
  await settled();
}

async function openIssue(): Promise<void> {
  await github.control.apply("openIssue", { repository: "acme/site", title: "One more" });
  await settled();
}

async function sync(): Promise<void> {
  const wish = { installationId: installation, mode: "full", subject: null, requestedBy: "a test" } as const;
  await requestSync({ store, clock: { now: () => new Date() } }, wish);
  await settled();
}

const longPlan = { queue: "agents", name: "test-long-agent", maxAttempts: 1, delayMs: 0 } as const;
const succeeded = { agent: "test-agent", outcome: "succeeded" };
const authentication = { kind: "authentication", source: "agents" };

/** What is measured, how it is made to happen, and the series that moves up by it. */
const moves: readonly [string, () => Promise<unknown>, string, Readonly<Record<string, string>>][] = [
  ["API requests", sync, "companyos_github_requests_total", { outcome: "2xx" }],
  ["webhook events received", openIssue, "companyos_webhook_events_received_total", { result: "accepted" }],
  ["sync frequency", sync, "companyos_sync_duration_seconds", { mode: "full", status: "completed" }],
  ["errors by kind", () => runAgent(false), "companyos_errors_total", authentication],
  ["agent spawns", () => runAgent(true), "companyos_agent_spawns_total", succeeded],
  ["failed agent spawns", () => runAgent(false), "companyos_agent_spawns_total", { outcome: "failed" }],
  ["database query time", openIssue, "companyos_db_query_duration_seconds", { statement: "select" }],
  ["deliveries", openIssue, "companyos_deliveries_processed_total", { event: "issues", result: "processed" }],
];

test.each(moves)("%s", async (_name, happen, metric, labels) => {
  const before = valueOf(await page(), metric, labels);
  await happen();
  expect(valueOf(await page(), metric, labels)).toBeGreaterThan(before);
});

test("sync duration, from a sync", async () => {
  const sum = async () =>
    valueOf(await page(), "companyos_sync_duration_seconds_sum", { mode: "full", status: "completed" });
  const before = await sum();
  const began = performance.now();
  await sync();
  const took = (await sum()) - before;
  expect(took).toBeGreaterThan(0);
  expect(took).toBeLessThan((performance.now() - began) / 1000);
});

test("rate limit remaining", async () => {
  const labels = { resource: "graphql" };
  const before = valueOf(await page(), "companyos_github_rate_limit_remaining", labels);
  expect(before).toBeGreaterThan(0);
  await sync();
  expect(valueOf(await page(), "companyos_github_rate_limit_remaining", labels)).toBeLessThan(before);
});

test("the oldest due job, while more are due than can run", async () => {
  const oldest = async () => valueOf(await page(), "companyos_jobs_oldest_due_seconds", { queue: "agents" });
  expect(await oldest()).toBe(0);
  const plans = Array.from({ length: 6 }, (_, n) => ({ ...longPlan, key: String(n), payload: { n } }));
  await planJobs(store.sql, plans, {
    installationId: installation,
    deliveryGuid: null,
    traceId: null,
    now: new Date(),
  });
  const running = "SELECT 1 FROM jobs WHERE name = 'test-long-agent' AND status = 'running'";
  await vi.waitFor(async () => expect(await store.sql.query(running)).toHaveLength(4), { timeout: 30_000 });
  const waited = await oldest();
  expect(waited).toBeGreaterThan(0);
  expect(await oldest()).toBeGreaterThan(waited);
  letGo();
  await settled();
  expect(await oldest()).toBe(0);
});

test("queue, inbox, budget and alerts are there, in a form that Prometheus takes", async () => {
  const far = new Date(Date.now() + 3_600_000);
  await store.sql.query(
    "INSERT INTO jobs (queue, name, key, payload, max_attempts, run_at) VALUES ('sync', 'later', 'x', '{}', 1, $1)",
    [far],
  );
  await store.sql.query("UPDATE rate_budgets SET blocked_until = $1", [far]);
  await raiseAlert(store.sql, incident(), new Date());
  const text = await page();
  expect(complaintsAbout(text)).toEqual([]);
  expect(valueOf(text, "companyos_jobs", { queue: "sync", status: "waiting" })).toBe(1);
  expect(valueOf(text, "companyos_jobs", { queue: "agents", status: "failed" })).toBeGreaterThan(0);
  expect(valueOf(text, "companyos_inbox_pending")).toBe(0);
  expect(valueOf(text, "companyos_budget_exhausted_installations")).toBeGreaterThan(0);
  expect(valueOf(text, "companyos_alerts_open", { kind: "health" })).toBe(1);
});

test("requires the token, and answers only GET", async () => {
  expect((await fetch(`${app.url}/metrics`)).status).toBe(401);
  expect((await fetch(`${app.url}/metrics`, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
  expect((await fetch(`${app.url}/metrics`, { method: "POST" })).status).toBe(405);
});
