import { expect, test } from "vitest";
import { withDatabase } from "../../test/support/database.js";
import { createLog } from "../log.js";
import { migrateQueue } from "./backend.js";
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
