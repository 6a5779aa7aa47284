import pLimit from "p-limit";
import { Probot } from "probot";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { startGitHub } from "../../simulator/index.js";
import { createGateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import { defineJob, registryOf } from "../../src/jobs/define-job.js";
import { jobRunner } from "../../src/work/run-job.js";
import { createLog } from "../../src/log.js";
import { planJobs } from "../../src/store/jobs/plan-jobs.js";
import { dueJobs } from "../../src/store/jobs/recover-jobs.js";
import { withDatabase } from "../support/database.js";
import { MINUTE, StillClock } from "./setting.js";

const JOBS = 200;
/** As many as a process works on at a time. */
const AT_ONCE = 8;
const ATTEMPTS = 5;

/** Reads as the installation. */
const reading = defineJob({
  name: "reading",
  queue: "agents",
  payload: z.object({ n: z.int() }),
  attempts: ATTEMPTS,
  key: ({ n }) => String(n),
  async run(_payload, context) {
    for await (const repository of context.github().repositories()) void repository;
    return { status: "done", reason: "read" };
  },
});

const github = await startGitHub();
afterAll(() => github.close());
const { store } = await withDatabase();
const { sql } = store;
const clock = new StillClock();
const log = createLog({ level: "silent" });
const asked: string[] = [];

const probot = new Probot({
  appId: github.appId,
  privateKey: github.privateKey,
  secret: github.webhookSecret,
  log,
  Octokit: buildOctokit({ apiUrl: github.url, onResponse: ({ route }) => void asked.push(route) }),
});
const gateway = createGateway({
  octokitFor: (id) => probot.auth(Number(id)),
  appOctokit: () => probot.auth(),
  graphqlUrl: github.graphqlUrl,
  clock,
});
const run = jobRunner({
  store,
  reader: (id) => gateway.reader(id),
  writer: () => expect.fail("nothing is written"),
  clock,
  log,
  registry: registryOf([reading]),
  wake: () => Promise.resolve(),
  random: Math.random,
  token: () => crypto.randomUUID(),
  leaseMs: MINUTE,
});

async function plan(installationId: bigint, from: number, count: number): Promise<void> {
  const plans = Array.from({ length: count }, (_, index) => ({
    queue: "agents" as const,
    name: "reading",
    key: String(from + index),
    payload: { n: from + index },
    maxAttempts: ATTEMPTS,
    delayMs: 0,
  }));
  await planJobs(sql, plans, { installationId, deliveryGuid: null, traceId: null, now: clock.now() });
}

/** Everything that is due now is tried. */
async function work(): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const due = await dueJobs(sql, clock.now(), 1_000);
  await Promise.all(due.map(({ id }) => limit(() => run(id, new AbortController().signal))));
}

async function count(where: string): Promise<number> {
  const [row] = await sql.query(`SELECT count(*)::int AS n FROM jobs WHERE ${where}`);
  return z.object({ n: z.int() }).parse(row).n;
}

test("a refused installation is asked a handful of times, and all its work is done soon after it is back", async () => {
  await github.control.apply("createRepository", { repository: "acme/site" });
  const { id = 0 } = await github.control.apply("install", {});
  const installation = BigInt(id);
  const refusal = { match: "/access_tokens", kind: "status", status: 401, times: 10_000 } as const;
  await github.control.run("faults", { planned: [refusal] });
  await plan(installation, 0, JOBS);
  await work();
  expect(await count("status = 'waiting' AND error_kind = 'authentication'")).toBe(JOBS);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThanOrEqual(AT_ONCE);
  // Only those that were under way have used an attempt.
  expect(await count("attempts > 0")).toBeLessThanOrEqual(AT_ONCE);
  const first = asked.length;
  // Work that comes meanwhile does not ask either.
  await plan(installation, JOBS, 20);
  await work();
  expect(asked.length).toBe(first);
  // While it lasts there is one try every few minutes, however much waits.
  for (let minutes = 0; minutes < 14; minutes += 1) {
    clock.pass(MINUTE);
    await work();
  }
  expect(asked.length - first).toBeGreaterThanOrEqual(2);
  expect(asked.length - first).toBeLessThanOrEqual(5);
  await github.control.run("faults", {});
  for (let minutes = 0; minutes < 20; minutes += 1) {
    clock.pass(MINUTE);
    await work();
  }
  expect(await count("status = 'done'")).toBe(JOBS + 20);
}, 120_000);
