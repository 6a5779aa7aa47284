import { describe, expect, test } from "vitest";
import { jobsOf, later, LEASE, NOW, origin, plan } from "../../../test/store/jobs.js";
import { withDatabase } from "../../../test/support/database.js";
import { cancelJobs } from "./cancel-jobs.js";
import { finishJob, retryJob } from "./end-job.js";
import { planJobs } from "./plan-jobs.js";
import { dueJobs, recoverJobs } from "./recover-jobs.js";
import { requeueJobs } from "./requeue-jobs.js";
import { renewHold } from "../work/hold.js";

const { store } = await withDatabase();
const { sql } = store;
const { planned, claim, rowOf } = jobsOf(store);

describe("the end of a run", () => {
  test("only its holder ends it", async () => {
    const id = await planned("a");
    await claim(id, "t");
    expect(await finishJob(sql, { id, token: "other", now: NOW }, { status: "done", reason: "x" })).toBe(false);
    const failure = { kind: "gone", text: "404" } as const;
    const end = { status: "skipped", reason: "the repository is gone", failure } as const;
    expect(await finishJob(sql, { id, token: "t", now: NOW }, end)).toBe(true);
    expect(await rowOf(id)).toMatchObject({
      status: "skipped",
      reason: "the repository is gone",
      error_kind: "gone",
      error: "404",
      finished_at: NOW,
      locked_by: null,
    });
  });

  test("a retry waits and may cost an attempt or not", async () => {
    const id = await planned("a");
    await claim(id, "t");
    const failure = { kind: "rate-limit", text: "quota" } as const;
    const free = { at: later(9_000), costsAttempt: false, reason: "quota", failure };
    expect(await retryJob(sql, { id, token: "t", now: NOW }, free)).toBe("waiting");
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 0, run_at: later(9_000), error: "quota" });
    await claim(id, "u", later(9_000));
    await retryJob(sql, { id, token: "u", now: NOW }, { at: NOW, costsAttempt: true, reason: "x" });
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 1, finished_at: null });
    expect(await retryJob(sql, { id, token: "u", now: NOW }, { at: NOW, costsAttempt: true, reason: "x" })).toBe(
      "lost",
    );
  });

  test("a retry whose key already waits leaves the work to that row", async () => {
    const id = await planned("a");
    await claim(id, "t");
    const other = await planned("a");
    const retry = { at: later(1_000), costsAttempt: true, reason: "will retry: network" };
    expect(await retryJob(sql, { id, token: "t", now: NOW }, retry)).toBe("superseded");
    expect(await rowOf(id)).toMatchObject({
      status: "skipped",
      reason: `will retry: network; job ${other} waits for the same work`,
      finished_at: NOW,
    });
  });

  test("only its holder renews a lease", async () => {
    const id = await planned("a");
    await claim(id, "t");
    const until = later(99_000);
    expect(await renewHold(sql, "jobs", [id], { token: "u", until })).toEqual(new Set());
    expect(await renewHold(sql, "jobs", [id], { token: "t", until })).toEqual(new Set([String(id)]));
    expect(await rowOf(id)).toMatchObject({ locked_until: later(99_000) });
  });
});

describe("expired leases", () => {
  test("rows of dead processes wait again, fail, or give way to another row", async () => {
    const [lives, again, used, makesWay] = [
      await planned("lives"),
      await planned("again"),
      await planned("used", { maxAttempts: 1 }),
      await planned("way"),
    ];
    await claim(lives, "t", later(30_000));
    for (const id of [again, used, makesWay]) await claim(id, "t");
    const successor = await planned("way");
    expect(await recoverJobs(sql, later(LEASE), 100)).toBe(3);
    expect(await rowOf(lives)).toMatchObject({ status: "running" });
    expect(await rowOf(again)).toMatchObject({ status: "waiting", attempts: 1, locked_by: null });
    expect(await rowOf(used)).toMatchObject({ status: "failed", reason: "its process ended while it ran, 1 attempts" });
    expect(await rowOf(makesWay)).toMatchObject({
      status: "skipped",
      reason: `its process ended while it ran; job ${successor} waits for the same work`,
    });
    expect((await dueJobs(sql, later(LEASE), 100)).map((due) => due.id)).toEqual([again, successor]);
  });

  test("due are waiting rows whose key is not running", async () => {
    const due = await planned("due");
    await planned("not yet", { delayMs: 60_000 });
    await claim(await planned("held"), "t");
    await planned("held");
    expect(await dueJobs(sql, NOW, 100)).toEqual([{ queue: "agents", id: due }]);
    expect(await dueJobs(sql, later(-1), 100)).toEqual([]);
  });

  test("an uninstalled app's jobs are cancelled, running ones too", async () => {
    const running = await planned("a");
    await claim(running, "t");
    const waiting = await planned("b");
    const [foreign] = await planJobs(sql, [plan("c")], { ...origin, installationId: 8n });
    expect(await cancelJobs(sql, 7n, "the app was uninstalled", NOW)).toBe(2);
    for (const id of [running, waiting])
      expect(await rowOf(id)).toMatchObject({ status: "cancelled", reason: "the app was uninstalled" });
    expect(await rowOf(foreign?.id ?? 0n)).toMatchObject({ status: "waiting" });
    expect(await renewHold(sql, "jobs", [running], { token: "t", until: later(99_000) })).toEqual(new Set());
  });

  test("a delivery's dead letters run again, each key once, unless it already waits", async () => {
    const die = async (): Promise<bigint> => {
      const id = await planned("a");
      await claim(id, "t");
      expect((await rowOf(id))["status"]).toBe("running");
      await finishJob(sql, { id, token: "t", now: NOW }, { status: "failed", reason: "gave up" });
      return id;
    };
    const [older, id] = [await die(), await die()];
    expect(await requeueJobs(sql, "another", NOW)).toEqual([]);
    expect(await requeueJobs(sql, "guid", later(5))).toEqual([
      { name: "review", key: "a", wakeUp: { queue: "agents", id } },
    ]);
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 0, run_at: later(5), finished_at: null });
    expect(await rowOf(older)).toMatchObject({ status: "failed" });
    expect(await requeueJobs(sql, "guid", NOW), "its work waits").toEqual([]);
  });
});
