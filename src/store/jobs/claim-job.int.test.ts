import { describe, expect, test } from "vitest";
import { jobsOf, later, LEASE, NOW } from "../../../test/store/jobs.js";
import { withDatabase } from "../../../test/support/database.js";
import { claimJob } from "./claim-job.js";
import { finishJob, nextOfKey, retryJob } from "./end-job.js";

const { store } = await withDatabase();
const { sql } = store;
const { planned, claim, rowOf } = jobsOf(store);

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
    await finishJob(sql, { id: first, token: "t1", now: NOW }, { status: "done", reason: "ok" });
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
    await retryJob(sql, { id: first, token: "t1", now: NOW }, { at: NOW, costsAttempt: true, reason: "x" });
    // `first` was superseded by `second`; a third comes while it runs.
    await claim(second, "t2");
    const third = await planned("a");
    const claims = await Promise.all([claim(third, "t3"), claim(third, "t4"), claim(first, "t5")]);
    expect(claims.map((c) => c.status)).toEqual(["busy", "busy", "over"]);
  });

  test("a running row is for later, an expired one for recovery, a finished one is over", async () => {
    const id = await planned("a");
    await claim(id, "t");
    expect(await claim(id, "u")).toEqual({ status: "later", at: later(LEASE) });
    expect(await claim(id, "u", later(LEASE))).toEqual({ status: "abandoned" });
    await finishJob(sql, { id, token: "t", now: NOW }, { status: "done", reason: "ok" });
    expect(await claim(id, "u")).toEqual({ status: "over" });
    expect(await claim(999n, "u")).toEqual({ status: "over" });
  });

  test.each([
    ["deleted_at", "the app is uninstalled"],
    ["suspended_at", "the installation is suspended"],
  ])("gives the reason for doing nothing: %s", async (column, unavailable) => {
    await sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash, ${column})
       VALUES (7, 'acme', 'Organization', $1, 'x', $1)`,
      [NOW],
    );
    expect(await claim(await planned("a"), "t")).toMatchObject({ status: "claimed", job: { unavailable } });
  });
});
