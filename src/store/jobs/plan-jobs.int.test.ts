import { describe, expect, test } from "vitest";
import { jobsOf, later, NOW, origin, plan } from "../../../test/store/jobs.js";
import { withDatabase } from "../../../test/support/database.js";
import { countJobs } from "./count-jobs.js";
import { retryJob } from "./end-job.js";
import { planJobs } from "./plan-jobs.js";

const { store } = await withDatabase();
const { sql } = store;
const { planned, claim, rowOf } = jobsOf(store);

/** Connections that wait for a lock. */
async function waiters(): Promise<unknown> {
  const text = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await sql.query(text))[0]?.["n"];
}

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

  test("leaves a waiting key to its row, within a plan and across plans", async () => {
    const [first, ...rest] = await planJobs(sql, [plan("a"), plan("a"), plan("a", { name: "triage" })], origin);
    expect(rest.map((job) => job.name)).toEqual(["triage"]);
    const [again] = await planJobs(sql, [plan("a", { payload: { pull: 2 } })], origin);
    expect(again).toMatchObject({ id: first?.id, status: "already-waiting" });
    expect(await countJobs(sql)).toEqual([{ queue: "agents", status: "waiting", count: 2 }]);
  });

  test("a person's request makes a waiting row due, and marks it as requested", async () => {
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

  test("a request by the app does not shorten the wait of a row", async () => {
    const id = await planned("a", { delayMs: 60_000 });
    await planned("a");
    expect(await rowOf(id)).toMatchObject({ payload: { pull: 1 }, run_at: later(60_000) });
  });

  describe("a row that waits for its next attempt", () => {
    const failed = async (kind: "authentication" | "rate-limit") => {
      const id = await planned("a");
      await claim(id, "t");
      const retry = { at: later(900_000), costsAttempt: true, reason: "x", failure: { kind, text: "refused" } };
      await retryJob(sql, { id, token: "t", now: NOW }, retry);
      return id;
    };

    test("starts again at once when an event plans the same work", async () => {
      const id = await failed("authentication");
      const [again] = await planJobs(sql, [plan("a")], origin);
      expect(again?.wakeUp).toEqual({ queue: "agents", id, delayMs: 0, sooner: true });
      expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 0, run_at: NOW });
    });

    test("goes on waiting for a limit to be reset, and where no event calls for it", async () => {
      const limited = await failed("rate-limit");
      await planJobs(sql, [plan("a")], origin);
      expect(await rowOf(limited)).toMatchObject({ attempts: 1, run_at: later(900_000) });
      await sql.query("TRUNCATE jobs");
      const refused = await failed("authentication");
      await planJobs(sql, [plan("a")], { ...origin, deliveryGuid: null });
      expect(await rowOf(refused)).toMatchObject({ attempts: 1, run_at: later(900_000) });
    });
  });

  test("a key that runs may wait once more", async () => {
    const id = await planned("a");
    await claim(id, "t");
    const [second] = await planJobs(sql, [plan("a")], origin);
    const [third] = await planJobs(sql, [plan("a")], origin);
    expect(second?.status).toBe("planned");
    expect(third).toMatchObject({ status: "already-waiting", id: second?.id });
  });

  test("a waiting row cannot start before the plan's transaction has ended", async () => {
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

  test("two transactions with the same keys in opposite order do not deadlock", async () => {
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

  test("an empty plan runs no statement", async () => {
    expect(await planJobs({ query: () => Promise.reject(new Error("asked")) }, [], origin)).toEqual([]);
  });
});
