import { describe, expect, onTestFinished, test, vi } from "vitest";
import { withDatabase } from "../../test/support/database.js";
import { startProxy } from "../../test/support/proxy.js";
import { createLog } from "../log.js";
import { migrateQueue, postgresBackend } from "./backend.js";
import { openQueues } from "./open-queues.js";

const database = await withDatabase();

test("ten processes may migrate the queue's schema at once", async () => {
  await Promise.all(Array.from({ length: 10 }, () => migrateQueue(database.url, "test_ten")));
  const queues = openQueues({ databaseUrl: database.url, namespace: "test_ten", log: createLog({ level: "silent" }) });
  expect(await queues.ready()).toEqual({ ready: true });
  await queues.close();
});

test("a schema without tables is not ready", async () => {
  const queues = openQueues({ databaseUrl: database.url, namespace: "test_none", log: createLog({ level: "silent" }) });
  expect(JSON.stringify(await queues.ready())).toContain("not initialized");
  await queues.add([{ queue: "agents", id: 1n }]);
  await migrateQueue(database.url, "test_none");
  expect(await queues.ready()).toEqual({ ready: true });
  await queues.close();
});

describe("a database that goes away ends no process", () => {
  /** The database through a proxy, and what would have ended the process. */
  async function cuttable() {
    const address = new URL(database.url);
    const proxy = await startProxy(Number(address.port));
    address.port = String(proxy.port);
    const uncaught = vi.fn();
    process.on("uncaughtExceptionMonitor", uncaught);
    onTestFinished(() => void process.off("uncaughtExceptionMonitor", uncaught));
    return { proxy, uncaught, url: address.href };
  }

  test("that has the lock of the schedules", async () => {
    const { proxy, uncaught, url } = await cuttable();
    await postgresBackend(url).alone(async () => {
      await proxy.cut();
      await expect.poll(() => proxy.connections()).toBe(0);
    });
    expect(uncaught).not.toHaveBeenCalled();
  });

  test("that opens a queue", async () => {
    await migrateQueue(database.url, "test_cut");
    const { proxy, uncaught, url } = await cuttable();
    const opened = await database.store.transaction(async (sql) => {
      const tables = await sql.query("SELECT tablename FROM pg_tables WHERE schemaname = 'test_cut'");
      await sql.query(`LOCK TABLE ${tables.map(({ tablename }) => `test_cut."${String(tablename)}"`).join(", ")}`);
      const queue = postgresBackend(url, "test_cut").queue("cut");
      queue.on("error", () => undefined);
      const opening = queue.waitUntilReady().catch((error: unknown) => error);
      const waiting = `SELECT count(*)::int AS count FROM pg_locks JOIN pg_database ON oid = database
        WHERE datname = current_database() AND NOT granted`;
      await expect.poll(() => sql.query(waiting)).toEqual([{ count: 1 }]);
      await proxy.cut();
      return { queue, answer: await opening };
    });
    expect(opened.answer).toBeInstanceOf(Error);
    expect(uncaught).not.toHaveBeenCalled();
    await opened.queue.close();
  });
});
