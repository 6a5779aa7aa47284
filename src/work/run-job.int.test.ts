import { describe, expect, test } from "vitest";
import { z } from "zod";
import { done, fail, inMs, never, NOW, runnerOn } from "../../test/jobs/runner.js";
import { withDatabase } from "../../test/support/database.js";
import { AuthenticationError, GoneError, InvalidError, NetworkError, RateLimitError } from "../errors.js";
import type { EffectWriter } from "../effects/writer.js";
import type { GitHubReader } from "../github/reader.js";
import { planJobs } from "../store/jobs/plan-jobs.js";
import { defineJob, planOf, registryOf } from "../jobs/define-job.js";
import { jobRunner } from "./run-job.js";

const { store } = await withDatabase();
const { given, options, plan, rowOf } = runnerOn(store);

describe("a job that runs", () => {
  test("writes its outcome", async () => {
    const id = await plan(1);
    expect(await jobRunner(options())(id, never)).toBeNull();
    expect(await rowOf(id)).toMatchObject({ status: "done", reason: "reviewed", attempts: 1, finished_at: NOW });
  });

  test("skips with its reason", async () => {
    given.work = () => Promise.resolve({ status: "skipped", reason: "a draft" });
    const id = await plan(1);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "skipped", reason: "a draft", error_kind: null });
  });

  test("gets its installation, delivery and payload", async () => {
    const seen: unknown[] = [];
    given.work = (payload, context) => {
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
    given.work = (_payload, context) => {
      context.github();
      return Promise.resolve({ status: "done", reason: "unreached" });
    };
    const [mine, nobodys] = [await plan(1), await plan(2, null)];
    for (const id of [mine, nobodys]) await jobRunner(options({ reader, writer }))(id, never);
    expect(asked).toEqual([7n]);
    expect(await rowOf(nobodys)).toMatchObject({ status: "failed", reason: "the job review has no installation" });
  });

  test("runs once when two wake-ups come", async () => {
    let runs = 0;
    given.work = async (payload, context) => {
      runs += 1;
      return done(payload, context);
    };
    const id = await plan(1);
    const run = jobRunner(options());
    await Promise.all([run(id, never), run(id, never), run(id, never)]);
    expect(runs).toBe(1);
    expect(await run(id, never)).toBeNull();
  });

  test("wakes the row that waits for the same key", async () => {
    const first = await plan(1);
    let second = 0n;
    given.work = async (payload, context) => {
      second = await plan(1);
      return done(payload, context);
    };
    await jobRunner(options())(first, never);
    expect(given.woken).toEqual([{ queue: "agents", id: second, delayMs: 0, after: first }]);
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
      run: () => Promise.resolve({ status: "done", reason: "read" }),
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
    const origin = { installationId: 7n, deliveryGuid: null, traceId: null, now: given.now };
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
    given.work = fail(error);
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
      given.work = fail(new RateLimitError("quota", inMs(i)));
      given.now = inMs(i * 10_000);
      await run(id, never);
    }
    given.work = fail(new NetworkError("reset"));
    for (const ms of [1_000_000, 2_000_000, 3_000_000]) {
      given.now = inMs(ms);
      expect(await rowOf(id)).toMatchObject({ status: "waiting" });
      await run(id, never);
    }
    expect(await rowOf(id)).toMatchObject({
      status: "failed",
      attempts: 3,
      reason: "the host did not answer (3 attempts)",
    });
  });

  test("a payload of an older version becomes a dead letter with the reason", async () => {
    const id = await plan(1);
    await store.sql.query(`UPDATE jobs SET payload = '{"pull": "one"}'`);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "failed", error_kind: "invalid" });
  });

  test("a job that this version does not have is a dead letter", async () => {
    const id = await plan(1);
    await jobRunner(options({ registry: registryOf([]) }))(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "failed", reason: "this version has no job review" });
  });

  test("redacts secrets from the row", async () => {
    given.work = fail(new InvalidError("refused: ghs_0123456789abcdefghij0123"));
    const id = await plan(1);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ error: "refused: [redacted]", reason: "refused: [redacted]" });
  });

  test.each([
    ["deleted_at", "the app is uninstalled"],
    ["suspended_at", "the installation is suspended"],
  ])("runs nothing for a missing installation: %s", async (column, reason) => {
    await store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash, ${column})
       VALUES (7, 'acme', 'Organization', $1, 'x', $1)`,
      [NOW],
    );
    given.work = fail(new Error("it ran"));
    const id = await plan(1);
    await jobRunner(options())(id, never);
    expect(await rowOf(id)).toMatchObject({ status: "skipped", reason });
  });
});
