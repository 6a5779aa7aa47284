import { describe, expect, test } from "vitest";
import { inMs, never, NOW, runnerOn } from "../../test/jobs/runner.js";
import { withDatabase } from "../../test/support/database.js";
import { cancelJobs } from "../store/jobs/cancel-jobs.js";
import { claimJob } from "../store/jobs/claim-job.js";
import { jobRunner } from "./run-job.js";

const { store } = await withDatabase();
const { given, options, plan, rowOf } = runnerOn(store);

describe("a run that is cut short", () => {
  test("by the process stopping: waits at once, without using an attempt", async () => {
    const stop = new AbortController();
    given.work = (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")));
        stop.abort();
      });
    const id = await plan(1);
    expect(await jobRunner(options())(id, stop.signal)).toEqual({ againAt: NOW });
    expect(await rowOf(id)).toMatchObject({ status: "waiting", attempts: 0, reason: "the process stopped" });
  });

  test("by a cancellation: aborted at the next renewal, and the row stays cancelled", async () => {
    given.work = async (_payload, { signal }) => {
      await cancelJobs(store.sql, 7n, "the app was uninstalled", NOW);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const id = await plan(1);
    expect(await jobRunner(options({ leaseMs: 60 }))(id, never)).toBeNull();
    expect(await rowOf(id)).toMatchObject({ status: "cancelled", reason: "the app was uninstalled" });
  });

  test("by a database outage longer than the lease: waits again, without using an attempt", async () => {
    let away = false;
    const sql: typeof store.sql = {
      query: (...call) => (away ? Promise.reject(new Error("away")) : store.sql.query(...call)),
    };
    given.work = (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          away = false;
          reject(signal.reason);
        });
        away = true;
        given.now = inMs(1_000);
      });
    const id = await plan(1);
    expect(await jobRunner(options({ store: { ...store, sql }, leaseMs: 60 }))(id, never)).toEqual({
      againAt: given.now,
    });
    expect(await rowOf(id)).toMatchObject({
      status: "waiting",
      attempts: 0,
      reason: "the database was unavailable for longer than the lease",
    });
  });

  test("by the death of its process: the next process recovers the row", async () => {
    const id = await plan(1);
    await claimJob(store.sql, { id, token: "dead", now: NOW, leaseMs: 1_000 });
    const run = jobRunner(options());
    expect(await run(id, never)).toEqual({ againAt: inMs(1_000) });
    given.now = inMs(1_000);
    expect(await run(id, never)).toEqual({ againAt: given.now });
    expect(await run(id, never)).toBeNull();
    expect(await rowOf(id)).toMatchObject({ status: "done", attempts: 2 });
  });

  test("a lease is renewed as long as the job runs", async () => {
    const leases: unknown[] = [];
    given.now = NOW;
    given.work = async (_payload, context) => {
      const before = await rowOf(context.jobId);
      given.now = inMs(500);
      await expect.poll(async () => (await rowOf(context.jobId))["locked_until"]).not.toEqual(before["locked_until"]);
      leases.push(before["locked_until"], (await rowOf(context.jobId))["locked_until"]);
      return { status: "done", reason: "long" };
    };
    await jobRunner(options({ leaseMs: 90 }))(await plan(1), never);
    expect(leases).toEqual([inMs(90), inMs(590)]);
  });
});
