import { expect, onTestFinished, test, vi } from "vitest";
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

test("a schema without tables is not ready, and says so", async () => {
  const queues = openQueues({ databaseUrl: database.url, namespace: "test_none", log: createLog({ level: "silent" }) });
  expect(JSON.stringify(await queues.ready())).toContain("not initialized");
  await queues.add([{ queue: "agents", id: 1n }]);
  await migrateQueue(database.url, "test_none");
  expect(await queues.ready()).toEqual({ ready: true });
  await queues.close();
});

test("a database that goes away while a process has the lock of the schedules ends no process", async () => {
  const address = new URL(database.url);
  const proxy = await startProxy(Number(address.port));
  address.port = String(proxy.port);
  const uncaught = vi.fn();
  process.on("uncaughtExceptionMonitor", uncaught);
  onTestFinished(() => void process.off("uncaughtExceptionMonitor", uncaught));
  await postgresBackend(address.href).alone(async () => {
    await proxy.cut();
    await expect.poll(() => proxy.connections()).toBe(0);
  });
  expect(uncaught).not.toHaveBeenCalled();
});
