import { createHash, createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.js";
import { HANDLED_EVENTS } from "../src/domain.js";
import { createAppHost } from "../src/host/probot.js";
import { drainDeliveries } from "../src/inbox/worker.js";
import type { ReceivedDelivery } from "../src/inbox/process-claimed.js";
import { registryOf } from "../src/jobs/define-job.js";
import { JOBS } from "../src/jobs/registry.js";
import { processDelivery } from "../src/process/process-delivery.js";
import { readBody } from "../src/store/deliveries/delivery-body.js";
import { withDatabase } from "./support/database.js";
import { deliveryHeaders, SECRET, sign, silent, startInbox, systemClock, type TestInbox } from "./support/inbox.js";

const MB = 1024 * 1024;
const LIMIT = 25 * MB;
const { store } = await withDatabase({ poolSize: 8 });
const open: TestInbox[] = [];
const sockets: Socket[] = [];

/** Whatever came before: the inbox still takes a good delivery, and nothing of the bad one was stored. */
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const inbox of open.splice(0)) {
    const good = await inbox.post({ body: JSON.stringify({ after: randomUUID() }) });
    await inbox.close();
    if (good.status !== 202) throw new Error(`a good delivery is answered ${good.status} afterwards`);
  }
});

async function inboxOf(options: Partial<Parameters<typeof startInbox>[0]> = {}): Promise<TestInbox> {
  const inbox = await startInbox({ store, ...options });
  open.push(inbox);
  return inbox;
}

async function stored(guid: string): Promise<Record<string, unknown> | undefined> {
  return (await store.sql.query("SELECT * FROM deliveries WHERE guid = $1", [guid]))[0];
}

/** Deliveries stored, under whatever GUID. */
async function rows(): Promise<unknown> {
  return (await store.sql.query("SELECT count(*)::int AS count FROM deliveries"))[0]?.["count"];
}

const BODY = JSON.stringify({ action: "opened" });
const GOOD = sign(BODY);
const HEX = GOOD.slice("sha256=".length);

describe("a signature that is", () => {
  test.each([
    { name: "wrong", signature: `sha256=${createHmac("sha256", "another").update(BODY).digest("hex")}` },
    { name: "missing", signature: undefined },
    { name: "empty", signature: "" },
    { name: "truncated", signature: GOOD.slice(0, -2) },
    { name: "of an odd length", signature: GOOD.slice(0, -1) },
    { name: "too long", signature: `${GOOD}00` },
    { name: "upper-case", signature: `sha256=${HEX.toUpperCase()}` },
    { name: "upper-case in its prefix", signature: `SHA256=${HEX}` },
    { name: "without its prefix", signature: HEX },
    { name: "not hex", signature: `sha256=${"z".repeat(64)}` },
    { name: "doubled in one header", signature: `${GOOD}, ${GOOD}` },
    { name: "doubled in two headers", signature: [GOOD, GOOD] },
    { name: "an unkeyed hash", signature: `sha256=${createHash("sha256").update(BODY).digest("hex")}` },
  ])("$name is refused with 401", async ({ signature }) => {
    const inbox = await inboxOf();
    const answer = await inbox.post({ body: BODY, headers: { "x-hub-signature-256": signature } });
    expect(answer.status).toBe(401);
    expect(await stored(answer.guid)).toBeUndefined();
  });

  test("SHA-1 only is refused with 401", async () => {
    const inbox = await inboxOf();
    const sha1 = `sha1=${createHmac("sha1", SECRET).update(BODY).digest("hex")}`;
    const alone = await inbox.post({
      body: BODY,
      headers: { "x-hub-signature-256": undefined, "x-hub-signature": sha1 },
    });
    expect(alone.status).toBe(401);
    expect((await inbox.post({ body: BODY, headers: { "x-hub-signature-256": sha1 } })).status).toBe(401);
  });

  test("valid for other bytes is refused with 401", async () => {
    const inbox = await inboxOf();
    const answer = await inbox.post({ body: `${BODY} `, headers: { "x-hub-signature-256": GOOD } });
    expect(answer.status).toBe(401);
    expect(await stored(answer.guid)).toBeUndefined();
  });
});

describe("headers that are malformed are refused with 400:", () => {
  test.each([
    { name: "no GUID", headers: { "x-github-delivery": undefined } },
    { name: "a GUID that is none", headers: { "x-github-delivery": "1' OR '1'='1" } },
    { name: "no event", headers: { "x-github-event": undefined } },
    { name: "an event that is no name", headers: { "x-github-event": "../issues" } },
    { name: "an event that is too long", headers: { "x-github-event": "e".repeat(65) } },
    { name: "no content type", headers: { "content-type": undefined } },
    { name: "another content type", headers: { "content-type": "text/plain" } },
    { name: "a content encoding", headers: { "content-encoding": "gzip" } },
  ])("$name", async ({ headers }) => {
    const inbox = await inboxOf();
    const before = await rows();
    expect((await inbox.post({ body: BODY, headers })).status).toBe(400);
    expect(await rows()).toBe(before);
  });

  test("another method is refused with 405", async () => {
    const inbox = await inboxOf();
    const before = await rows();
    const answer = await inbox.post({ method: "PUT", body: BODY });
    expect(answer.status).toBe(405);
    expect(await rows()).toBe(before);
    expect(answer.headers.allow).toBe("POST");
  });
});

describe("correctly signed bytes", () => {
  test.each([
    {
      name: "with a byte order mark",
      bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"t":"bom"}')]),
      t: "bom",
    },
    {
      name: "with invalid UTF-8",
      bytes: Buffer.concat([Buffer.from('{"t":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}')]),
      t: "\uFFFD\uFFFD",
    },
    { name: "with NUL and half a surrogate pair", bytes: Buffer.from('{"t":"a\\u0000b\\ud800"}'), t: "a\uFFFDb\uFFFD" },
  ])("$name are taken, kept as they are, and read", async ({ bytes, t }) => {
    const inbox = await inboxOf();
    const { status, guid } = await inbox.post({ body: bytes, event: "push" });
    expect(status).toBe(202);
    expect((await readBody(store.sql, guid))?.bytes).toEqual(bytes);
    expect((await processed(guid)).payload).toEqual({ t });
  });

  test.each([
    { name: "that are not JSON", body: '{"action": ', reason: "the payload is not JSON", headers: {} },
    { name: "that are empty", body: "", reason: "the payload is not JSON", headers: {} },
    { name: "that are no object", body: "[1]", reason: "the payload is JSON, but not an object", headers: {} },
    {
      name: "that nest too deep",
      body: `${"[".repeat(200_000)}"\\u0000"${"]".repeat(200_000)}`,
      reason: "the payload is not JSON",
      headers: {},
    },
    {
      name: "that are a form without a payload",
      body: "other=1",
      reason: "the form has no field named payload",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
  ])("$name are taken and end as an explained failure", async ({ body, reason, headers }) => {
    const inbox = await inboxOf();
    const { status, guid } = await inbox.post({ body, headers, event: "push" });
    expect(status).toBe(202);
    await drain(() => Promise.resolve());
    expect(await stored(guid)).toMatchObject({
      status: "failed",
      reason,
      error_kind: "invalid",
      error: reason,
      attempts: 1,
    });
  });

  test("of an event that nothing handles are kept, and say so", async () => {
    const inbox = await inboxOf();
    const body = JSON.stringify({
      action: "exploded",
      installation: { id: 7 },
      repository: { id: 8, full_name: "acme/volcano" },
    });
    const { status, guid } = await inbox.post({ body, event: "volcano" });
    expect(status).toBe(202);
    await drain(await app());
    expect(await stored(guid)).toMatchObject({
      status: "skipped",
      reason: `not handled: volcano is none of the ${HANDLED_EVENTS.length} events that this app handles`,
      action: "exploded",
      installation_id: "7",
      repository_id: "8",
    });
  });

  test("whose event does not fit them are kept and refused with the reason", async () => {
    const inbox = await inboxOf();
    const body = JSON.stringify({ action: "opened", nonce: randomUUID(), installation: { id: 1 } });
    const { guid } = await inbox.post({ body, event: "pull_request" });
    await drain(await app());
    const row = await stored(guid);
    expect(row).toMatchObject({ status: "failed", error_kind: "invalid", attempts: 1 });
    expect(row?.["reason"]).toMatch(/pull_request/);
  });
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

  test("whose sender goes away is not stored, and holds nothing", async () => {
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

test("a sender that goes away before its answer has its delivery all the same, once", async () => {
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

/** The app as a server has it: Probot, its listeners, and the transaction behind them. */
async function app(): Promise<(delivery: ReceivedDelivery) => Promise<void>> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const host = await createAppHost({
    config: readConfig({}),
    credentials: { appId: 1, privateKey: key, webhookSecrets: [SECRET] },
    log: silent,
    async receive({ id: guid, name, payload }) {
      await processDelivery(
        { store, jobs: registryOf(JOBS), clock: systemClock, log: silent },
        { guid, name, payload },
      );
    },
  });
  return ({ guid, name, payload }) => host.dispatch({ id: guid, name, payload });
}

async function drain(process: (delivery: ReceivedDelivery) => Promise<void>): Promise<void> {
  await drainDeliveries({ store, process, clock: systemClock, log: silent, concurrency: 2 }, null);
}

/** What reaches the handlers of one delivery. */
async function processed(guid: string): Promise<ReceivedDelivery> {
  const seen: ReceivedDelivery[] = [];
  await drain(async (delivery) => void seen.push(delivery));
  const found = seen.find((delivery) => delivery.guid === guid);
  if (!found) throw new Error(`${guid} was not processed`);
  return found;
}

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
