import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startGitHub } from "../../simulator/index.js";
import { watchForIncidents } from "../../src/alerts/watch.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { defineJob } from "../../src/jobs/define-job.js";
import { createLog } from "../../src/log.js";
import type { Running } from "../../src/main.js";
import { openAlerts } from "../../src/store/alerts/list-alerts.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { parseJson } from "../../src/unchecked.js";
import { untilFinished } from "../crash/setting.js";
import { startBeside } from "../support/app.js";
import { withDatabase } from "../support/database.js";
import { valueOf } from "../support/prometheus.js";
import { type Receiver, startReceiver } from "./receiver.js";

/** Reads the repository from GitHub, or has a bug. */
const probe = defineJob({
  name: "probe",
  queue: "agents",
  payload: z.object({ bug: z.boolean() }),
  attempts: 5,
  key: () => "one",
  async run({ bug }, context) {
    if (bug) throw new TypeError("Cannot read properties of undefined, token ghs_0123456789abcdef0123");
    await context.github().installation();
    return { status: "done", reason: "read" };
  },
});

const ADMIN = "a token of the operator, long enough";
const github = await startGitHub();
const { store, url: databaseUrl } = await withDatabase();
const { sql } = store;
const lines: string[] = [];
let app: Running;
let installation = 0;
let tracker: Receiver;

beforeAll(async () => {
  tracker = await startReceiver();
  const { host } = new URL(tracker.url);
  app = await startBeside(github, databaseUrl, {
    env: { ADMIN_TOKEN: ADMIN, SENTRY_DSN: `http://0123456789abcdef@${host}/1` },
    log: createLog({ level: "debug", repeatMs: 0, destination: { write: (line) => void lines.push(line) } }),
    jobs: [probe],
    sweepMs: 200,
  });
  await github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  await github.control.apply("createRepository", { repository: "acme/site" });
  installation = (await github.control.apply("install", {})).id ?? 0;
  await github.control.run("idle", {});
  await untilFinished(sql, 60_000);
});
afterAll(async () => {
  await app.close();
  await tracker.close();
  await github.close();
});

beforeEach(async () => {
  await github.control.run("faults", {});
  await sql.query("DELETE FROM jobs WHERE name = 'probe'");
  await sql.query("TRUNCATE alerts, alert_notices");
  lines.length = 0;
});

const Row = z.object({
  status: z.string(),
  attempts: z.int(),
  error_kind: z.string().nullable(),
  reason: z.string().nullable(),
  run_at: z.date(),
});

async function row(): Promise<z.infer<typeof Row>> {
  const [found] = await sql.query("SELECT * FROM jobs WHERE name = 'probe'");
  return Row.parse(found);
}

/** Plans the probe and waits until it was run as often as wanted, its waits cut short. */
async function run(bug: boolean, times = 1): Promise<z.infer<typeof Row>> {
  const plan = { queue: "agents" as const, name: "probe", key: "one", payload: { bug }, maxAttempts: 5, delayMs: 0 };
  const origin = { installationId: BigInt(installation), deliveryGuid: null, traceId: null, now: new Date() };
  await planJobs(sql, [plan], origin);
  for (let n = 1; ; n += 1) {
    await ended(n);
    if (n === times) return row();
    await again();
  }
}

const again = () => sql.query("UPDATE jobs SET run_at = now() WHERE name = 'probe' AND status = 'waiting'");

const logged = () => lines.map((line) => z.record(z.string(), z.unknown()).parse(parseJson(line)));

async function ended(times: number): Promise<void> {
  while (logged().filter(({ name, msg }) => name === "probe" && msg === "job ended").length < times) await wait(20);
}

/** What the watch finds: the schedule runs the same function. */
async function alerts() {
  const clock = { now: () => new Date() };
  await watchForIncidents({ store, clock, policy: ALERT_POLICY, serverUrl: "https://github.example" });
  return openAlerts(sql);
}

async function unhealthy(): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return valueOf(text, "companyos_integration_health", { status: "unhealthy" });
}

const refuse = (status: number, times = 50) =>
  github.control.run("faults", { planned: [{ match: "/app/installations", kind: "status", status, times }] });

interface Case {
  readonly kind: string;
  fault(): Promise<unknown>;
  readonly bug?: boolean;
  readonly runs: number;
  /** As the job's row says afterwards. */
  readonly attempts: number;
  /** From how many seconds on it is tried again, and until when. */
  readonly again: readonly [number, number];
  readonly alert: Readonly<Record<string, unknown>>;
  readonly log: Readonly<Record<string, unknown>>;
}

/** The original architecture's table of errors, kind by kind. */
const table: readonly Case[] = [
  {
    kind: "rate-limit",
    fault: () => refuse(429),
    runs: 1,
    attempts: 0,
    again: [50, 130],
    alert: { kind: "rate-limit", severity: "info" },
    log: { level: 40, msg: "GitHub's rate limit is reached; job waits for the reset", policy: "retry-at" },
  },
  {
    kind: "authentication",
    fault: () => refuse(401),
    runs: 1,
    attempts: 1,
    again: [890, 910],
    alert: { kind: "authentication", severity: "critical" },
    log: { level: 50, msg: "GitHub refuses the App's credentials; reconnect the App" },
  },
  {
    kind: "network",
    fault: () => refuse(503),
    runs: 3,
    attempts: 3,
    again: [0, 5],
    alert: { kind: "repeated-failures", severity: "warning" },
    log: { level: 40, msg: "network request failed again; job will retry", attempt: 3 },
  },
  {
    kind: "unknown",
    fault: () => Promise.resolve(),
    bug: true,
    runs: 3,
    attempts: 3,
    again: [5, 21],
    alert: { kind: "unknown-error", severity: "warning" },
    log: { level: 50, msg: "job failed unexpectedly" },
  },
];

test.each(table)("$kind: outcome, stored state, alert and log line", async (each) => {
  await each.fault();
  const before = Date.now();
  const job = await run(each.bug ?? false, each.runs);
  expect(job).toMatchObject({ status: "waiting", attempts: each.attempts, error_kind: each.kind });
  const [least, most] = each.again;
  expect((job.run_at.getTime() - before) / 1000).toBeGreaterThanOrEqual(least);
  expect((job.run_at.getTime() - Date.now()) / 1000).toBeLessThanOrEqual(most);
  expect(await alerts()).toMatchObject([each.alert]);
  expect(logged()).toContainEqual(expect.objectContaining({ ...each.log, name: "probe", kind: each.kind }));
});

test("rate-limit: a secondary limit without headers is waited for a minute, then two, at no attempt", async () => {
  const anew = async () => {
    await sql.query("DELETE FROM jobs WHERE name = 'probe'");
    lines.length = 0;
    return run(false);
  };
  // An answer ends what was refused in a row before.
  expect(await anew()).toMatchObject({ status: "done" });
  await github.control.run("faults", {
    planned: [{ match: "GET /app/installations", kind: "silent-limit", times: 2 }],
  });
  for (const seconds of [60, 120]) {
    const before = Date.now();
    const job = await anew();
    expect(job).toMatchObject({ status: "waiting", attempts: 0, error_kind: "rate-limit" });
    expect((job.run_at.getTime() - before) / 1000).toBeGreaterThanOrEqual(seconds);
    expect((job.run_at.getTime() - Date.now()) / 1000).toBeLessThanOrEqual(seconds + 5);
  }
  expect(await anew()).toMatchObject({ status: "done" });
});

test("authentication: unhealthy, owners are notified where to reconnect, and GitHub gets no more requests", async () => {
  await refuse(401);
  await run(false);
  await github.control.run("clearCalls", {});
  const [alert] = await alerts();
  expect(alert?.remedy).toContain(
    `An owner of acme: open https://github.example/organizations/acme/settings/installations/${installation}`,
  );
  expect(await unhealthy()).toBe(1);
  // Two sweeps later: nobody has asked again.
  await wait(500);
  const calls = await github.control.run("calls", {});
  expect(calls.filter(({ path }) => path.includes("/app/installations"))).toEqual([]);
});

test("network: the first failure is not logged; calls to an unavailable host stop without using attempts", async () => {
  await github.control.run("faults", { reset: 1 });
  await run(false);
  const warnings = () => logged().filter(({ level, kind }) => Number(level) >= 40 && kind === "network");
  expect(warnings()).toEqual([]);
  for (let n = 2; logged().every(({ msg }) => !String(msg).startsWith("GitHub does not respond")); n += 1) {
    // Without an end the test would hang; the row's attempts are given back so that it is not the row that ends.
    await sql.query("UPDATE jobs SET attempts = 1 WHERE name = 'probe'");
    await again();
    await ended(n);
    expect(n).toBeLessThan(12);
  }
  await sql.query("UPDATE jobs SET attempts = 4 WHERE name = 'probe'");
  const already = logged().filter(({ msg, name }) => name === "probe" && msg === "job ended").length;
  await again();
  await ended(already + 1);
  expect(await row()).toMatchObject({ status: "waiting", attempts: 4, error_kind: "network" });
  await github.control.run("faults", {});
});

test("unknown: the whole stack is in the log and in error tracking under one reference, without secrets", async () => {
  tracker.received.length = 0;
  await run(true);
  const line = logged().find(({ msg }) => msg === "job failed unexpectedly");
  const { err, reference } = z.object({ err: z.object({ stack: z.string() }), reference: z.string() }).parse(line);
  expect(err.stack).toMatch(/TypeError: Cannot read properties .*\n\s+at .*error-table\.int\.test\.ts/);
  while (tracker.received.length === 0) await wait(20);
  const envelope = tracker.received[0]?.body ?? "";
  expect(envelope).toContain(reference);
  expect(envelope).toContain("error-table.int.test");
  expect(envelope).toContain("[redacted]");
  expect(envelope + lines.join("")).not.toContain("ghs_0123456789abcdef0123");
});

test("unknown: the caller gets a generic message and a reference that is in the log", async () => {
  await sql.query("ALTER TABLE sync_runs RENAME TO sync_runs_away");
  const response = await fetch(`${app.url}/api/integrations/github/sync`, {
    headers: { authorization: `Bearer ${ADMIN}` },
  });
  await sql.query("ALTER TABLE sync_runs_away RENAME TO sync_runs");
  expect(response.status).toBe(500);
  const answer = z.strictObject({
    type: z.literal("about:blank"),
    title: z.literal("Internal Server Error"),
    status: z.literal(500),
    detail: z.string().regex(/^The request failed unexpectedly/),
    reference: z.string(),
  });
  const { reference } = answer.parse(await response.json());
  const line = logged().find((fields) => fields["reference"] === reference);
  expect(line).toMatchObject({ level: 50, msg: "API request failed unexpectedly" });
  expect(JSON.stringify(line)).toContain("sync_runs");
});
