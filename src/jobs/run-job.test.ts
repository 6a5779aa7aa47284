import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { withDatabase } from "../../test/support/database.js";
import type { Outcome } from "../domain.js";
import { AuthenticationError, GoneError, InvalidError, NetworkError, RateLimitError } from "../errors.js";
import type { EffectWriter } from "../github/effects/writer.js";
import type { GitHubReader } from "../github/reader.js";
import { createLog } from "../log.js";
import { cancelJobs } from "../store/jobs/cancel-jobs.js";
import { claimJob } from "../store/jobs/claim-job.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import type { JobWakeUp } from "../store/jobs/wake-up.js";
import { defineJob, planOf, registryOf } from "./define-job.js";
import type { JobContext } from "./job.js";
import { type JobRunnerOptions, jobRunner } from "./run-job.js";

const { store } = await withDatabase();
const NOW = new Date("2026-11-22T12:00:00.000Z");
const inMs = (ms: number): Date => new Date(NOW.getTime() + ms);
const never = new AbortController().signal;

type Work = (payload: { readonly pull: number }, context: JobContext) => Promise<Outcome>;
const done: Work = () => Promise.resolve({ status: "done", because: "reviewed" });

let work: Work = done;
let now = NOW;
let woken: JobWakeUp[] = [];
let tokens = 0;

const review = defineJob({
  name: "review",
  queue: "agents",
  payload: z.object({ pull: z.int() }),
  attempts: 3,
  key: ({ pull }) => `pull:${pull}`,
  run: (payload, context) => work(payload, context),
});
const registry = registryOf([review]);

function options(more: Partial<JobRunnerOptions> = {}): JobRunnerOptions {
  const unused = (): never => {
    throw new Error("not used here");
  };
  return {
    store,
    reader: unused,
    writer: unused,
    clock: { now: () => now },
    log: createLog({ level: "silent" }),
    registry,
    wake: (wakeUps) => {
      woken.push(...wakeUps);
      return Promise.resolve();
    },
    random: () => 0,
    token: () => `token-${++tokens}`,
    leaseMs: 60_000,
    ...more,
  };
}

async function plan(pull: number, installationId: bigint | null = 7n): Promise<bigint> {
  const request = planOf(registry, { name: "review", payload: { pull } });
  const [job] = await planJobs(store.sql, [request], { installationId, deliveryGuid: "g", traceId: null, now });
  if (!job) throw new Error("nothing planned");
  return job.id;
}

async function rowOf(id: bigint): Promise<Record<string, unknown>> {
  const [row] = await store.sql.query("SELECT * FROM jobs WHERE id = $1", [id]);
  return row ?? {};
}

const fail = (failure: unknown) => (): Promise<Outcome> => Promise.reject(failure);

beforeEach(async () => {
  await store.sql.query("TRUNCATE jobs, installations, repositories RESTART IDENTITY");
});
afterEach(() => {
  work = done;
  now = NOW;
  woken = [];
});

describe("a job that runs", () => {
  test("writes its outcome", async () => {
    const id = await plan(1);
    expect(await jobRunner(options())(id, never)).toBeNull();
    expect(await rowOf(id)).toMatchObject({ status: "done", reason: "reviewed", attempts: 1, finished_at: NOW });
  });

  test("skips with its reason", async () => {
    work = () => Promise.resolve({ status: "skipped", because: "a draft" });
    const id = await plan(1);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "skipped", reason: "a draft", error_kind: null });
  });

  test("gets its installation, delivery and payload", async () => {
    const seen: unknown[] = [];
    work = (payload, context) => {
      seen.push(payload, context.jobId, context.installationId, context.deliveryGuid);
      return done(payload, context);
    };
    const id = await plan(4);
    await jobRunner(options())(id, never);
    expect(seen).toEqual([{ pull: 4 }, id, 7n, "g"]);
  });

  test("reads and writes GitHub as its installation, or not at all", async () => {
    const asked: unknown[] = [];
    const ask = (installation: bigint): never => {
      asked.push(installation);
      throw new GoneError("stop here");
    };
    const reader = (installation: bigint): GitHubReader => ask(installation);
    const writer = (installation: bigint): EffectWriter => ask(installation);
    work = (_payload, context) => {
      context.github();
      return Promise.resolve({ status: "done", because: "unreached" });
    };
    const [mine, nobodys] = [await plan(1), await plan(2, null)];
    for (const id of [mine, nobodys]) await jobRunner(options({ reader, writer }))(id, never);
    expect(asked).toEqual([7n]);
    expect(await rowOf(nobodys)).toMatchObject({ status: "failed", reason: "the job review has no installation" });
  });

  test("runs once when two wake-ups come", async () => {
    let runs = 0;
    work = async (payload, context) => {
      runs += 1;
      return done(payload, context);
    };
    const id = await plan(1);
    const run = jobRunner(options());
    await Promise.all([run(id, never), run(id, never), run(id, never)]);
    expect(runs).toBe(1);
    expect(await run(id, never)).toBeNull();
  });

  test("wakes the row that waits for the same work", async () => {
    const first = await plan(1);
    let second = 0n;
    work = async (payload, context) => {
      second = await plan(1);
      return done(payload, context);
    };
    await jobRunner(options())(first, never);
    expect(woken).toEqual([{ queue: "agents", id: second, delayMs: 0, after: first }]);
  });
});

describe("a job about a repository", () => {
  test.each([
    ["deny_repositories", "acme/o*", "skipped", "the organisation denies acme/one (acme/o*)"],
    ["allow_repositories", "acme/two", "skipped", "the organisation does not allow acme/one"],
    ["deny_repositories", "acme/two", "done", "read"],
  ])("that has waited since before %s named %s: %s", async (column, pattern, status, reason) => {
    const read = defineJob({
      name: "read",
      queue: "sync",
      payload: z.object({ repositoryId: z.int() }),
      attempts: 1,
      key: ({ repositoryId }) => String(repositoryId),
      run: () => Promise.resolve({ status: "done", because: "read" }),
    });
    const jobs = registryOf([read]);
    await store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash, ${column})
       VALUES (7, 'acme', 'Organization', $1, '', ARRAY[$2])`,
      [NOW, pattern],
    );
    await store.sql.query(
      `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
       VALUES (71, 7, 'acme', 'one', 'acme/one', $1, '')`,
      [NOW],
    );
    const request = planOf(jobs, { name: "read", payload: { repositoryId: 71 } });
    const origin = { installationId: 7n, deliveryGuid: null, traceId: null, now };
    const [job] = await planJobs(store.sql, [request], origin);
    await jobRunner(options({ registry: jobs }))(job?.id ?? 0n, never);
    expect(await rowOf(job?.id ?? 0n)).toMatchObject({ status, reason });
  });
});

describe("a job that fails", () => {
  const FAILURES = [
    [
      "network",
      new NetworkError("reset"),
      { status: "waiting", attempts: 1, run_at: inMs(500), error_kind: "network" },
    ],
    ["unknown", new TypeError("bug"), { status: "waiting", attempts: 1, run_at: inMs(2_500), error_kind: "unknown" }],
    ["rate limit", new RateLimitError("x", inMs(9_000)), { status: "waiting", attempts: 0, run_at: inMs(9_000) }],
    ["authentication", new AuthenticationError("401"), { status: "waiting", attempts: 1, run_at: inMs(900_000) }],
    ["gone", new GoneError("the repository is gone"), { status: "skipped", reason: "the repository is gone" }],
    ["invalid", new InvalidError("no number"), { status: "failed", reason: "no number", error_kind: "invalid" }],
  ] as const;
  test.each(FAILURES)("%s", async (_name, error, row) => {
    work = fail(error);
    const id = await plan(1);
    const again = await jobRunner(options())(id, never);
    const after = await rowOf(id);
    expect(after).toMatchObject(row);
    expect(again).toEqual(row.status === "waiting" ? { againAt: row.run_at } : null);
  });

  test("becomes a dead letter when its attempts are used up, however often it was limited before", async () => {
    const id = await plan(1);
    const run = jobRunner(options());
    for (let i = 0; i < 5; i++) {
      work = fail(new RateLimitError("quota", inMs(i)));
      now = inMs(i * 10_000);
      await run(id, never);
    }
    work = fail(new NetworkError("reset"));
    for (const ms of [1_000_000, 2_000_000, 3_000_000]) {
      now = inMs(ms);
      expect(await rowOf(id)).toMatchObject({ status: "waiting" });
      await run(id, never);
    }
    expect(await rowOf(id)).toMatchObject({ status: "failed", attempts: 3, reason: "no answer came, 3 attempts" });
  });

  test("a payload of an older version is a dead letter that says so", async () => {
    const id = await plan(1);
    await store.sql.query(`UPDATE jobs SET payload = '{"pull": "one"}'`);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "failed", error_kind: "invalid" });
  });

  test("a job that this version does not have is a dead letter", async () => {
    const id = await plan(1);
    await jobRunner(options({ registry: registryOf([]) }))(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "failed", reason: "there is no job review in this version" });
  });

  test("what has the shape of a secret does not get into the row", async () => {
    work = fail(new InvalidError("refused: ghs_0123456789abcdefghij0123"));
    const id = await plan(1);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ error: "refused: [redacted]", reason: "refused: [redacted]" });
  });

  test.each([
    ["deleted_at", "the app is uninstalled"],
    ["suspended_at", "the installation is suspended"],
  ])("nothing runs for an installation that is not there: %s", async (column, reason) => {
    await store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash, ${column})
       VALUES (7, 'acme', 'Organization', $1, 'x', $1)`,
      [NOW],
    );
    work = fail(new Error("it ran"));
    const id = await plan(1);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "skipped", reason });
  });
});

describe("a run that is cut short", () => {
  test("by the process stopping: it waits at once and no attempt is used", async () => {
    const stop = new AbortController();
    work = (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")));
        stop.abort();
      });
    const id = await plan(1);
    expect(await jobRunner(options())(id, stop.signal)).toEqual({ againAt: NOW });
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 0, reason: "the process stopped" });
  });

  test("by a cancellation: aborted at the next renewal, and the row stays cancelled", async () => {
    work = async (_payload, { signal }) => {
      await cancelJobs(store.sql, 7n, "the app was uninstalled", NOW);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const id = await plan(1);
    expect(await jobRunner(options({ leaseMs: 60 }))(id, never)).toBeNull();
    expect(await rowOf(id)).toMatchObject({ status: "cancelled", reason: "the app was uninstalled" });
  });

  test("by a database that was away for longer than the lease: it waits again and no attempt is used", async () => {
    let away = false;
    const sql: typeof store.sql = {
      query: (...call) => (away ? Promise.reject(new Error("away")) : store.sql.query(...call)),
    };
    work = (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          away = false;
          reject(signal.reason);
        });
        away = true;
        now = inMs(1_000);
      });
    const id = await plan(1);
    expect(await jobRunner(options({ store: { ...store, sql }, leaseMs: 60 }))(id, never)).toEqual({ againAt: now });
    expect(await rowOf(id)).toMatchObject({
      status: "waiting",
      attempts: 0,
      reason: "the database was away for longer than the lease",
    });
  });

  test("by the death of its process: whoever comes next takes the row back", async () => {
    const id = await plan(1);
    await claimJob(store.sql, { id, token: "dead", now: NOW, leaseMs: 1_000 });
    const run = jobRunner(options());
    expect(await run(id, never)).toEqual({ againAt: inMs(1_000) });
    now = inMs(1_000);
    expect(await run(id, never)).toEqual({ againAt: now });
    expect(await run(id, never)).toBeNull();
    expect(await rowOf(id)).toMatchObject({ status: "done", attempts: 2 });
  });

  test("a lease is renewed as long as the job runs", async () => {
    const leases: unknown[] = [];
    now = NOW;
    work = async (_payload, context) => {
      const before = await rowOf(context.jobId);
      now = inMs(500);
      await expect.poll(async () => (await rowOf(context.jobId))["locked_until"]).not.toEqual(before["locked_until"]);
      leases.push(before["locked_until"], (await rowOf(context.jobId))["locked_until"]);
      return { status: "done", because: "long" };
    };
    await jobRunner(options({ leaseMs: 90 }))(await plan(1), never);
    expect(leases).toEqual([inMs(90), inMs(590)]);
  });
});
