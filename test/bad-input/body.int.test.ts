import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { readBody } from "../../src/store/deliveries/delivery-body.js";
import { withDatabase } from "../support/database.js";
import { deliveryHeaders, type TestInbox } from "../support/inbox.js";
import { badInput, BODY, GOOD } from "./setting.js";

const MB = 1024 * 1024;
const LIMIT = 25 * MB;
const { store } = await withDatabase({ poolSize: 8 });
const { inboxOf, stored, rows } = badInput(store);
const sockets: Socket[] = [];
// Registered last, done first: before the inboxes are closed.
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

describe("a body", () => {
  test("of exactly 25 MB is taken", async () => {
    const inbox = await inboxOf();
    const bytes = Buffer.alloc(LIMIT, "x");
    const { status, guid } = await inbox.post({ body: bytes });
    expect(status).toBe(202);
    expect((await readBody(store.sql, guid))?.bytes.equals(bytes)).toBe(true);
  });

  test("of one byte more is refused with 413 by its length, before it is sent", async () => {
    const inbox = await inboxOf();
    const sender = raw(inbox);
    sender.write(head({ "content-length": String(LIMIT + 1), expect: "100-continue" }));
    expect(await answerOf(sender)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("of one byte more is refused with 413 when it is chunked", async () => {
    const inbox = await inboxOf();
    const guid = randomUUID();
    const answer = await stream(inbox, guid, LIMIT + 1);
    expect(answer).toBe(413);
    expect(await stored(guid)).toBeUndefined();
  });

  test("of 400 MB, unsigned or signed, is refused at once, and is not read", async () => {
    const inbox = await inboxOf();
    const before = process.memoryUsage().rss;
    for (const signature of [undefined, GOOD]) {
      const sender = raw(inbox);
      sender.write(head({ "content-length": String(400 * MB), "x-hub-signature-256": signature }));
      const sent = flood(sender, 400 * MB);
      expect(await answerOf(sender)).toMatch(/^HTTP\/1\.1 413 /);
      expect(await sent).toBeLessThan(LIMIT);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MB);
  });

  test.each([
    { name: "unsigned", signature: undefined, status: 401, most: LIMIT },
    { name: "with a forged signature", signature: `sha256=${"0".repeat(64)}`, status: 413, most: 2 * LIMIT },
  ])("of 400 MB, chunked, $name, is refused, and is not read to its end", async ({ signature, status, most }) => {
    const inbox = await inboxOf();
    const before = process.memoryUsage().rss;
    const count = await rows();
    const sender = raw(inbox);
    sender.write(
      head({ "content-length": undefined, "transfer-encoding": "chunked", "x-hub-signature-256": signature }),
    );
    const sent = flood(sender, 400 * MB, true);
    expect(await answerOf(sender)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await sent).toBeLessThan(most);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * MB);
    expect(await rows()).toBe(count);
  });

  test("that takes more memory than is left is refused with 503, and leaves room afterwards", async () => {
    const inbox = await inboxOf({ limits: { heldBytes: 4 * MB, heldLargeBytes: 3 * MB } });
    const guid = randomUUID();
    expect(await stream(inbox, guid, 5 * MB)).toBe(503);
    expect(await stored(guid)).toBeUndefined();
    expect((await inbox.post({ body: Buffer.alloc(2 * MB) })).status).toBe(202);
  });

  test("that is shorter than announced is refused with 408 when the patience is over", async () => {
    const inbox = await inboxOf({ limits: { bodyMs: 200 } });
    const sender = raw(inbox);
    sender.write(`${head({ "content-length": "100" })}${"x".repeat(50)}`);
    expect(await answerOf(sender)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("that is longer than announced is not read as more than announced", async () => {
    const inbox = await inboxOf();
    const sender = raw(inbox);
    const guid = randomUUID();
    sender.write(
      `${head({ "content-length": String(BODY.length), "x-github-delivery": guid })}${BODY}${"x".repeat(100)}`,
    );
    expect(await answerOf(sender)).toMatch(/^HTTP\/1\.1 (202|400) /);
    await expect.poll(() => readBody(store.sql, guid)).toMatchObject({ bytes: Buffer.from(BODY) });
  });

  test("that comes a byte at a time is refused with 408, and its connection is cut", async () => {
    const inbox = await inboxOf({ limits: { bodyMs: 300, lingerMs: 100 } });
    const sender = raw(inbox);
    sender.write(head({ "content-length": "10000" }));
    const drip = setInterval(() => sender.write("x"), 20);
    // A byte that is still under way when it is cut is an 'error' first, which is no concern of this test's.
    const closed = new Promise((resolve) => sender.once("close", resolve));
    expect(await answerOf(sender)).toMatch(/^HTTP\/1\.1 408 /);
    await closed;
    clearInterval(drip);
  });

  test("whose sender disconnects is not stored, and holds no memory", async () => {
    const inbox = await inboxOf({ limits: { heldBytes: 2 * MB, heldLargeBytes: 2 * MB } });
    const guids = Array.from({ length: 20 }, () => randomUUID());
    for (const guid of guids) {
      const sender = raw(inbox);
      sender.write(head({ "content-length": String(MB), "x-github-delivery": guid }));
      sender.write(Buffer.alloc(MB / 2));
      await once(sender, "drain");
      sender.resetAndDestroy();
    }
    await expect.poll(async () => (await inbox.post({ body: Buffer.alloc(1.5 * MB) })).status).toBe(202);
    for (const guid of guids) expect(await stored(guid)).toBeUndefined();
  });
});

test("processes a delivery once if its sender disconnects before the answer", async () => {
  const inbox = await inboxOf();
  const guid = randomUUID();
  const blocker = await store.pool.connect();
  await blocker.query("BEGIN; LOCK TABLE deliveries");
  const body = JSON.stringify({ nonce: guid });
  const headers = deliveryHeaders({ body, guid });
  const sent = request({ port: inbox.port, host: "127.0.0.1", path: "/api/github/webhooks", method: "POST", headers });
  sent.on("error", () => undefined).end(body);
  await expect
    .poll(
      async () =>
        (
          await blocker.query(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
          )
        ).rows.length,
    )
    .toBe(1);
  sent.destroy();
  await blocker.query("ROLLBACK");
  blocker.release();
  await expect.poll(() => stored(guid)).toMatchObject({ status: "received" });
  expect((await inbox.post({ body, guid })).body).toContain('"duplicate":true');
});

function raw(inbox: TestInbox): Socket {
  const socket = connect(inbox.port, "127.0.0.1");
  // Being cut off is what these senders are here for.
  socket.on("error", () => undefined);
  sockets.push(socket);
  return socket;
}

function head(overrides: Readonly<Record<string, string | undefined>>): string {
  const headers = deliveryHeaders({ body: BODY, guid: randomUUID(), headers: overrides });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  return `POST /api/github/webhooks HTTP/1.1\r\nhost: localhost\r\n${lines.join("")}\r\n`;
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.setEncoding("utf8").once("data", (text: string) => resolve(text));
    socket.once("close", () => reject(new Error("cut without an answer")));
  });
}

/** Sends until it is stopped. @returns the bytes that the other side or the kernel took. */
async function flood(socket: Socket, bytes: number, chunked = false): Promise<number> {
  const data = Buffer.alloc(64 * 1024);
  const size = Buffer.from(`${data.length.toString(16)}\r\n`);
  const block = chunked ? Buffer.concat([size, data, Buffer.from("\r\n")]) : data;
  let sent = 0;
  while (sent < bytes && socket.writable) {
    if (!socket.write(block)) {
      const drained = once(socket, "drain").then(
        () => true,
        () => false,
      );
      const closed = once(socket, "close").then(
        () => false,
        () => false,
      );
      if (!(await Promise.race([drained, closed]))) break;
    }
    sent += block.length;
  }
  return sent;
}

/** Sends a chunked body of which the inbox knows no length. @returns the status. */
function stream(inbox: TestInbox, guid: string, bytes: number): Promise<number> {
  const headers = deliveryHeaders({ body: BODY, guid, headers: { "content-length": undefined } });
  return new Promise((resolve, reject) => {
    const sent = request({
      port: inbox.port,
      host: "127.0.0.1",
      path: "/api/github/webhooks",
      method: "POST",
      headers,
      agent: false,
    });
    sent.once("response", (response) => {
      response.on("error", () => undefined).resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    const block = Buffer.alloc(MB);
    for (let left = bytes; left > 0; left -= block.length) sent.write(block.subarray(0, Math.min(left, block.length)));
    sent.end();
  });
}
