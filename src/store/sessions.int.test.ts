import { afterEach, describe, expect, test, vi } from "vitest";
import { withDatabase } from "../../test/support/database.js";
import { kindOf, PausedError, policyFor } from "../errors.js";
import { openDatabaseClock } from "./database-clock.js";
import { exclusively } from "./effects/lock.js";
import { openStore, type Store } from "./store.js";

const { url, store } = await withDatabase();
const opened: Store[] = [];
const impatient = (limits: Parameters<typeof openStore>[0]["limits"] = { lockMs: 200 }): Store => {
  const other = openStore({ url, poolSize: 2, applicationName: "companyos test", ...(limits && { limits }) });
  opened.push(other);
  return other;
};
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

/** Takes the lock `k` and does nothing with it until `release`. */
async function takeLock(idleMs = 60_000) {
  let release = (): void => undefined;
  let taken = (): void => undefined;
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const work = (): Promise<void> => {
    taken();
    return new Promise((resolve) => (release = resolve));
  };
  const held = exclusively(store, "k", work, { idleMs });
  await isTaken;
  return { held, release: () => release() };
}

describe("a process that stops in the middle of its work", () => {
  test("makes work that needs its lock wait outside, at the cost of no attempt", async () => {
    const { held, release } = await takeLock();
    const error = await failure(exclusively(impatient(), "k", () => Promise.resolve()));
    expect(error).toBeInstanceOf(PausedError);
    const facts = { attempt: 8, maxAttempts: 8, now: new Date(), jitter: 0 };
    expect(policyFor(error, facts).kind).toBe("retry-at");
    release();
    await held;
    await exclusively(impatient(), "k", () => Promise.resolve());
  });

  test("loses its lock after a while, and its next statement fails", async () => {
    const { held, release } = await takeLock(300);
    const failed = failure(held);
    await exclusively(impatient({ lockMs: 5_000 }), "k", () => Promise.resolve());
    release();
    expect(kindOf(await failed)).toBe("network");
  });

  test("leaves no limit behind on a connection that goes back to the pool", async () => {
    const single = openStore({ url, poolSize: 1, applicationName: "companyos test" });
    opened.push(single);
    await exclusively(single, "k", () => Promise.resolve());
    const [row] = await single.sql.query("SELECT current_setting('idle_session_timeout') AS idle");
    expect(row).toEqual({ idle: "0" });
  });

  test("loses an open transaction and the rows that it locked", async () => {
    await store.sql.query("CREATE TABLE t AS SELECT 1 AS n");
    let release = (): void => undefined;
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const stopped = impatient({ idleTransactionMs: 300 }).transaction(async (sql) => {
      await sql.query("SELECT n FROM t FOR UPDATE");
      locked();
      await new Promise<void>((resolve) => (release = resolve));
      await sql.query("UPDATE t SET n = 2");
    });
    const failed = failure(stopped);
    await isLocked;
    await impatient({ lockMs: 5_000 }).sql.query("UPDATE t SET n = 3");
    release();
    expect(kindOf(await failed)).toBe("network");
    expect(await store.sql.query("SELECT n FROM t")).toEqual([{ n: 3 }]);
  });

  test("waits for a row no longer than the limit, which is a temporary failure", async () => {
    await store.sql.query("CREATE TABLE u AS SELECT 1 AS n");
    await store.transaction(async (sql) => {
      await sql.query("SELECT n FROM u FOR UPDATE");
      expect(kindOf(await failure(impatient().sql.query("UPDATE u SET n = 2")))).toBe("network");
    });
  });
});

describe("the database's clock", () => {
  test("returns the database's time, whatever the system clock", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    const clock = await openDatabaseClock(store.sql);
    const [row] = await store.sql.query("SELECT clock_timestamp() AS now");
    expect(Math.abs(clock.now().getTime() - Number(row?.["now"]))).toBeLessThan(1_000);
  });

  test("follows adjustments, and continues while the database is unavailable", async () => {
    let at = new Date(1_000);
    let away = false;
    const sql = { query: () => (away ? Promise.reject(new Error("away")) : Promise.resolve([{ now: at }])) };
    const clock = await openDatabaseClock(sql, () => 0);
    at = new Date(5_000);
    await clock.adjust();
    expect(clock.now()).toEqual(at);
    away = true;
    await clock.adjust();
    expect(clock.now()).toEqual(at);
  });
});
