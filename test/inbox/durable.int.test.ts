import { Agent } from "node:http";
import { describe, expect, test } from "vitest";
import { withDatabase } from "../support/database.js";
import { startInbox } from "../support/inbox.js";
import { body, inboxesOn } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });
const { inboxOf, row } = inboxesOn(store);

/** Sessions of this database that wait for a lock. */
async function lockWaits(): Promise<unknown> {
  const [found] = await store.sql.query(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return found?.["count"];
}

describe("deliveries that cannot be stored", () => {
  test("is answered 503 with Retry-After while the database refuses, and taken again afterwards", async () => {
    const inbox = await inboxOf();
    await store.sql.query("ALTER TABLE delivery_bodies RENAME TO away");
    const refused = await inbox.post({ body: body() });
    await store.sql.query("ALTER TABLE away RENAME TO delivery_bodies");
    expect(refused.status).toBe(503);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await inbox.post({ body: body() })).status).toBe(202);
  });

  test("is answered 503 when the commit takes too long, and the connection is not kept waiting for", async () => {
    const inbox = await inboxOf({ limits: { commitMs: 300 } });
    const blocker = await store.pool.connect();
    await blocker.query("BEGIN; LOCK TABLE deliveries");
    try {
      const refused = await Promise.all([inbox.post({ body: body() }), inbox.post({ body: body() })]);
      expect(refused.map(({ status }) => status)).toEqual([503, 503]);
    } finally {
      await blocker.query("ROLLBACK");
      blocker.release();
    }
    expect((await inbox.post({ body: body() })).status).toBe(202);
  });

  test("leaves no session behind that waits for a lock, however long the lock is held", async () => {
    const inbox = await inboxOf({ limits: { commitMs: 200 } });
    const blocker = await store.pool.connect();
    await blocker.query("BEGIN; LOCK TABLE deliveries");
    try {
      for (let batch = 0; batch < 5; batch += 1) {
        const late = inbox.post({ body: body() });
        await expect.poll(lockWaits, { interval: 10 }).toBe(1);
        expect((await late).status).toBe(503);
        await expect.poll(lockWaits, { interval: 10 }).toBe(0);
      }
    } finally {
      await blocker.query("ROLLBACK");
      blocker.release();
    }
    expect((await inbox.post({ body: body() })).status).toBe(202);
  });

  test("is answered 503 while connections are cut, and taken again afterwards", async () => {
    const inbox = await inboxOf();
    await inbox.post({ body: body() });
    await store.sql.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()",
    );
    const statuses = [await inbox.post({ body: body() }), await inbox.post({ body: body() })].map(
      ({ status }) => status,
    );
    expect(statuses[1]).toBe(202);
    for (const status of statuses) expect([202, 503]).toContain(status);
  });

  test("answers 503 on a kept connection when the process is stopping, and commits accepted ones", async () => {
    const inbox = await startInbox({ store });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await inbox.post({ body: body(), agent })).status).toBe(202);
    const connections = inbox.connections();
    const blocker = await store.pool.connect();
    await blocker.query("BEGIN; LOCK TABLE deliveries");
    const taken = inbox.post({ body: body() });
    await expect.poll(() => inbox.connections()).toBe(connections + 1);
    await expect.poll(lockWaits, { interval: 10 }).toBe(1);
    const drained = inbox.drain();
    const refused = await inbox.post({ body: body(), agent });
    expect(inbox.connections()).toBe(connections + 1);
    expect([refused.status, refused.body]).toEqual([503, expect.stringContaining("stopping")]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    await blocker.query("ROLLBACK");
    blocker.release();
    expect((await taken).status).toBe(202);
    await drained;
    expect(await row((await taken).guid)).toMatchObject({ status: "received" });
    await expect(row(refused.guid)).rejects.toThrow("no delivery");
    agent.destroy();
    await inbox.close();
  });
});

test("a failed wake-up does not affect the acknowledgement", async () => {
  let calls = 0;
  const inbox = await inboxOf({
    wake: async () => {
      calls++;
      throw new Error("the queue is down");
    },
  });
  const answer = await inbox.post({ body: body() });
  expect(answer.status).toBe(202);
  await expect.poll(() => calls).toBe(1);
  expect(await row(answer.guid)).toMatchObject({ status: "received" });
  expect((await inbox.post({ body: body() })).status).toBe(202);
});
