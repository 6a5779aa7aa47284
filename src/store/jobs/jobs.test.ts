import { beforeEach, describe, expect, test } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import { cancelJobs } from "./cancel-jobs.js";
import { claimJob, renewLease } from "./claim-job.js";
import { countJobs } from "./count-jobs.js";
import { finishJob, nextOfKey, retryJob } from "./end-job.js";
import { type JobPlan, planJobs } from "./plan-jobs.js";
import { dueJobs, recoverJobs } from "./recover-jobs.js";
import { requeueJobs } from "./requeue-jobs.js";

const { store } = await withDatabase();
const { sql } = store;
const NOW = new Date("2026-11-22T12:00:00.000Z");
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const LEASE = 60_000;

const plan = (key: string, more: Partial<JobPlan> = {}): JobPlan => ({
  queue: "agents",
  name: "review",
  key,
  payload: { pull: 1 },
  maxAttempts: 3,
  delayMs: 0,
  ...more,
});
const origin = { installationId: 7n, deliveryGuid: "guid", traceId: null, now: NOW };

/** One waiting row. */
async function planned(key: string, more: Partial<JobPlan> = {}): Promise<bigint> {
  const [job] = await planJobs(sql, [plan(key, more)], origin);
  if (!job) throw new Error("nothing planned");
  return job.id;
}

const claim = (id: bigint, token: string, now = NOW) => claimJob(sql, { id, token, now, leaseMs: LEASE });

async function rowOf(id: bigint): Promise<Record<string, unknown>> {
  const [row] = await sql.query("SELECT * FROM jobs WHERE id = $1", [id]);
  return row ?? {};
}

/** Connections that wait for a lock. */
async function waiters(): Promise<unknown> {
  const text = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await sql.query(text))[0]?.["n"];
}

beforeEach(async () => {
  await sql.query("TRUNCATE jobs, installations RESTART IDENTITY");
});

describe("planJobs", () => {
  test("inserts waiting rows and answers in the order of the plans", async () => {
    const jobs = await planJobs(sql, [plan("b"), plan("a", { queue: "sync", delayMs: 5_000 })], origin);
    expect(jobs).toMatchObject([
      { key: "b", status: "planned", wakeUp: { queue: "agents", delayMs: 0 } },
      { key: "a", status: "planned", wakeUp: { queue: "sync", delayMs: 5_000 } },
    ]);
    expect(await rowOf(jobs[1]?.id ?? 0n)).toMatchObject({
      installation_id: "7",
      delivery_guid: "guid",
      status: "waiting",
      attempts: 0,
      max_attempts: 3,
      payload: { pull: 1 },
      run_at: later(5_000),
    });
  });

  test("leaves a key that waits to the row that waits, within a plan and across plans", async () => {
    const [first, ...rest] = await planJobs(sql, [plan("a"), plan("a"), plan("a", { name: "triage" })], origin);
    expect(rest.map((job) => job.name)).toEqual(["triage"]);
    const [again] = await planJobs(sql, [plan("a", { payload: { pull: 2 } })], origin);
    expect(again).toMatchObject({ id: first?.id, status: "already-waiting" });
    expect(await countJobs(sql)).toEqual([{ queue: "agents", status: "waiting", count: 2 }]);
  });

  test("what somebody asks for hurries the row that waits, and stays asked for", async () => {
    const id = await planned("a", { delayMs: 60_000 });
    const [asked] = await planJobs(sql, [plan("a", { payload: { asked: true }, delayMs: 1_000 })], origin);
    expect(asked).toEqual({
      id,
      name: "review",
      key: "a",
      status: "already-waiting",
      wakeUp: { queue: "agents", id, delayMs: 1_000, sooner: true },
    });
    const [again] = await planJobs(sql, [plan("a", { payload: { asked: false } })], origin);
    expect(again?.wakeUp).toEqual({ queue: "agents", id, delayMs: 1_000 });
    expect(await rowOf(id)).toMatchObject({ payload: { pull: 1, asked: true }, run_at: later(1_000) });
  });

  test("what nobody asked for does not hurry a row that has a reason to wait", async () => {
    const id = await planned("a", { delayMs: 60_000 });
    await planned("a");
    expect(await rowOf(id)).toMatchObject({ payload: { pull: 1 }, run_at: later(60_000) });
  });

  test("a key that runs may wait once more", async () => {
    const id = await planned("a");
    await claim(id, "t");
    const [second] = await planJobs(sql, [plan("a")], origin);
    const [third] = await planJobs(sql, [plan("a")], origin);
    expect(second?.status).toBe("planned");
    expect(third).toMatchObject({ status: "already-waiting", id: second?.id });
  });

  test("a row that a plan is left to cannot start before the plan's transaction has ended", async () => {
    const id = await planned("a");
    let claimed: Promise<unknown> = Promise.resolve();
    const order: string[] = [];
    await store.transaction(async (transaction) => {
      await planJobs(transaction, [plan("a")], origin);
      claimed = claim(id, "t").then(() => order.push("claimed"));
      await expect.poll(waiters).toBe(1);
      order.push("committing");
    });
    await claimed;
    expect(order).toEqual(["committing", "claimed"]);
  });

  test("two transactions with the same keys in opposite order do not lock each other out", async () => {
    for (const key of ["a", "m", "z"]) await planned(key);
    const replan = (keys: readonly string[]) =>
      store.transaction((tx) =>
        planJobs(
          tx,
          keys.map((key) => plan(key)),
          origin,
        ),
      );
    let both: Promise<unknown> = Promise.resolve();
    await store.transaction(async (blocker) => {
      await blocker.query("SELECT FROM jobs WHERE key = 'm' FOR UPDATE");
      both = Promise.all([replan(["a", "m", "z"]), replan(["z", "m", "a"])]);
      await expect.poll(waiters).toBe(2);
    });
    await both;
    expect(await countJobs(sql)).toEqual([{ queue: "agents", status: "waiting", count: 3 }]);
  });

  test("nothing planned is no statement", async () => {
    expect(await planJobs({ query: () => Promise.reject(new Error("asked")) }, [], origin)).toEqual([]);
  });
});

describe("claimJob", () => {
  test("takes a due row, counts an attempt and holds a lease", async () => {
    const id = await planned("a");
    expect(await claim(id, "t")).toMatchObject({
      status: "claimed",
      job: { id, name: "review", key: "a", attempts: 1, installation_id: 7n, payload: { pull: 1 }, unavailable: null },
    });
    expect(await rowOf(id)).toMatchObject({ status: "running", locked_by: "t", locked_until: later(LEASE) });
  });

  test("a row is claimed once, however many try", async () => {
    const id = await planned("a");
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(id, `t${i}`)));
    expect(claims.filter((c) => c.status === "claimed")).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ attempts: 1 });
  });

  test("not before it is due, unless the caller waits itself", async () => {
    const id = await planned("a", { delayMs: 1_000 });
    expect(await claim(id, "t")).toEqual({ status: "later", at: later(1_000) });
    expect(await claim(id, "t", later(1_000))).toMatchObject({ status: "claimed" });
    const early = await planned("b", { delayMs: 1_000 });
    const request = { id: early, token: "t", now: NOW, leaseMs: LEASE, dueBy: later(5_000) };
    expect(await claimJob(sql, request)).toMatchObject({ status: "claimed" });
  });

  test("busy while another of its key runs, and woken by its end", async () => {
    const first = await planned("a");
    await claim(first, "t1");
    const second = await planned("a", { delayMs: 0 });
    expect(await claim(second, "t2")).toEqual({ status: "busy" });
    await finishJob(sql, { id: first, token: "t1", now: NOW }, { status: "done", because: "ok" });
    expect(await nextOfKey(sql, { id: first, name: "review", key: "a" }, NOW)).toEqual({
      queue: "agents",
      id: second,
      delayMs: 0,
      after: first,
    });
    expect(await claim(second, "t2")).toMatchObject({ status: "claimed" });
  });

  test("two rows of a key never run at once", async () => {
    const first = await planned("a");
    await claim(first, "t1");
    const second = await planned("a");
    await retryJob(sql, { id: first, token: "t1", now: NOW }, { at: NOW, costsAttempt: true, because: "x" });
    // `first` was superseded by `second`; a third comes while it runs.
    await claim(second, "t2");
    const third = await planned("a");
    const claims = await Promise.all([claim(third, "t3"), claim(third, "t4"), claim(first, "t5")]);
    expect(claims.map((c) => c.status)).toEqual(["busy", "busy", "over"]);
  });

  test("a running row is for later, an abandoned one is for recovery, an ended one is over", async () => {
    const id = await planned("a");
    await claim(id, "t");
    expect(await claim(id, "u")).toEqual({ status: "later", at: later(LEASE) });
    expect(await claim(id, "u", later(LEASE))).toEqual({ status: "abandoned" });
    await finishJob(sql, { id, token: "t", now: NOW }, { status: "done", because: "ok" });
    expect(await claim(id, "u")).toEqual({ status: "over" });
    expect(await claim(999n, "u")).toEqual({ status: "over" });
  });

  test.each([
    ["deleted_at", "the app is uninstalled"],
    ["suspended_at", "the installation is suspended"],
  ])("says why nothing may be done: %s", async (column, unavailable) => {
    await sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash, ${column})
       VALUES (7, 'acme', 'Organization', $1, 'x', $1)`,
      [NOW],
    );
    expect(await claim(await planned("a"), "t")).toMatchObject({ status: "claimed", job: { unavailable } });
  });
});

describe("the end of a run", () => {
  test("only its holder ends it", async () => {
    const id = await planned("a");
    await claim(id, "t");
    expect(await finishJob(sql, { id, token: "other", now: NOW }, { status: "done", because: "x" })).toBe(false);
    const failure = { kind: "gone", text: "404" } as const;
    const end = { status: "skipped", because: "the repository is gone", failure } as const;
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
    const free = { at: later(9_000), costsAttempt: false, because: "quota", failure };
    expect(await retryJob(sql, { id, token: "t", now: NOW }, free)).toBe("waiting");
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 0, run_at: later(9_000), error: "quota" });
    await claim(id, "u", later(9_000));
    await retryJob(sql, { id, token: "u", now: NOW }, { at: NOW, costsAttempt: true, because: "x" });
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 1, finished_at: null });
    expect(await retryJob(sql, { id, token: "u", now: NOW }, { at: NOW, costsAttempt: true, because: "x" })).toBe(
      "lost",
    );
  });

  test("a retry whose key waits already leaves the work to that row", async () => {
    const id = await planned("a");
    await claim(id, "t");
    const other = await planned("a");
    const retry = { at: later(1_000), costsAttempt: true, because: "to be tried again: network" };
    expect(await retryJob(sql, { id, token: "t", now: NOW }, retry)).toBe("superseded");
    expect(await rowOf(id)).toMatchObject({
      status: "skipped",
      reason: `to be tried again: network; job ${other} waits for the same work`,
      finished_at: NOW,
    });
  });

  test("a lease is renewed by its holder alone", async () => {
    const id = await planned("a");
    await claim(id, "t");
    expect(await renewLease(sql, id, "u", later(99_000))).toBe(false);
    expect(await renewLease(sql, id, "t", later(99_000))).toBe(true);
    expect(await rowOf(id)).toMatchObject({ locked_until: later(99_000) });
  });
});

describe("what is left behind", () => {
  test("rows of dead processes wait again, give up, or make way", async () => {
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

  test("due are waiting rows that nothing of their key holds up", async () => {
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
    expect(await renewLease(sql, running, "t", later(99_000))).toBe(false);
  });

  test("a delivery's dead letters go round again, each piece of work once, unless it waits already", async () => {
    const die = async (): Promise<bigint> => {
      const id = await planned("a");
      await claim(id, "t");
      expect((await rowOf(id))["status"]).toBe("running");
      await finishJob(sql, { id, token: "t", now: NOW }, { status: "failed", because: "gave up" });
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
