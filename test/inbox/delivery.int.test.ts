import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readBody } from "../../src/store/deliveries/delivery-body.js";
import { DEDUPE_WINDOW_MS } from "../../src/store/deliveries/settle-repeats.js";
import { withDatabase } from "../support/database.js";
import { body, inboxesOn } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });
const { inboxOf, row } = inboxesOn(store);

describe("a signed delivery", () => {
  test("is acknowledged once its row and its bytes are committed, and wakes a worker", async () => {
    const inbox = await inboxOf();
    const bytes = body();
    const answer = await inbox.post({ body: bytes });
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toEqual({ id: answer.guid, duplicate: false });
    expect(await row(answer.guid)).toMatchObject({
      event: "issues",
      status: "received",
      body_bytes: bytes.length,
      content_type: "application/json",
      hook_id: "1",
      target_type: "integration",
      user_agent: "GitHub-Hookshot/0000000",
    });
    expect((await readBody(store.sql, answer.guid))?.bytes.toString()).toBe(bytes);
    await expect.poll(() => inbox.woken.flat()).toEqual([String((await row(answer.guid))["id"])]);
  });

  test("comes in at the original architecture's path, too", async () => {
    const inbox = await inboxOf();
    const answer = await inbox.post({ body: body(), path: "/api/webhooks/github/receive" });
    expect(answer.status).toBe(202);
    expect((await inbox.post({ path: "/api/github/other" })).status).toBe(404);
  });

  test("may be signed with each secret of a rotation, and with no other", async () => {
    const inbox = await inboxOf({ secrets: ["the new secret, long enough", "the old secret, long enough"] });
    expect((await inbox.post({ body: body(), secret: "the new secret, long enough" })).status).toBe(202);
    expect((await inbox.post({ body: body(), secret: "the old secret, long enough" })).status).toBe(202);
    expect((await inbox.post({ body: body(), secret: "some other secret, long enough" })).status).toBe(401);
  });

  test("keeps the form's bytes as they were signed", async () => {
    const inbox = await inboxOf();
    const form = `payload=${encodeURIComponent(body())}`;
    const answer = await inbox.post({ body: form, headers: { "content-type": "application/x-www-form-urlencoded" } });
    expect(answer.status).toBe(202);
    expect(await readBody(store.sql, answer.guid)).toEqual({
      contentType: "application/x-www-form-urlencoded",
      bytes: Buffer.from(form),
    });
  });
});

describe("deliveries that arrive together", () => {
  test("share commits and wake-ups", async () => {
    const inbox = await inboxOf();
    const blocker = await store.pool.connect();
    await blocker.query("BEGIN; LOCK TABLE deliveries");
    const posting = Promise.all(Array.from({ length: 100 }, () => inbox.post({ body: body() })));
    await expect.poll(() => inbox.connections()).toBe(100);
    expect((await inbox.post({ method: "GET" })).status).toBe(405);
    await blocker.query("ROLLBACK");
    blocker.release();
    const answers = await posting;
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const rows = await store.sql.query(
      "SELECT id::text AS id, xmin::text AS xmin FROM deliveries WHERE guid = ANY ($1)",
      [answers.map(({ guid }) => guid)],
    );
    expect(rows).toHaveLength(100);
    expect(new Set(rows.map(({ xmin }) => xmin)).size).toBeLessThan(20);
    await expect.poll(() => inbox.woken.flat().toSorted()).toEqual(rows.map(({ id }) => String(id)).toSorted());
    expect(inbox.woken.length).toBeLessThan(20);
  });

  test("are each recorded once when the same GUID comes many times at once, in two processes", async () => {
    const inboxes = [await inboxOf(), await inboxOf()];
    const guid = randomUUID();
    const bytes = body();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => inboxes.map((inbox) => inbox.post({ body: bytes, guid }))).flat(),
    );
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 202));
    expect(answers.filter((answer) => answer.body.includes('"duplicate":false'))).toHaveLength(1);
    expect((await row(guid))["redeliveries"]).toBe(39);
  });

  test("and replay one body under many GUIDs leave one to process", async () => {
    const inboxes = [await inboxOf(), await inboxOf()];
    const bytes = body();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => inboxes.map((inbox) => inbox.post({ body: bytes }))).flat(),
    );
    const firsts = answers.filter((answer) => answer.body.includes('"duplicate":false'));
    expect(firsts).toHaveLength(1);
    const first = firsts[0]?.guid ?? "";
    const rows = await Promise.all(answers.map((answer) => row(answer.guid)));
    const duplicates = rows.filter(({ guid }) => guid !== first);
    expect(duplicates).toHaveLength(39);
    for (const duplicate of duplicates) expect(duplicate).toMatchObject({ status: "duplicate", duplicate_of: first });
  });
});

describe("a delivery that was stored before", () => {
  test("is woken again when it was never finished", async () => {
    const inbox = await inboxOf();
    const bytes = body();
    const { guid } = await inbox.post({ body: bytes });
    await expect.poll(() => inbox.woken.length).toBe(1);
    await store.sql.query("UPDATE deliveries SET status = 'retry', run_at = now() + interval '1 day' WHERE guid = $1", [
      guid,
    ]);
    const again = await inbox.post({ body: bytes, guid });
    expect(JSON.parse(again.body)).toEqual({ id: guid, duplicate: true });
    await expect.poll(() => inbox.woken.length).toBe(2);
    expect(inbox.woken[1]).toEqual(inbox.woken[0]);
    const stored = await row(guid);
    expect(stored["redeliveries"]).toBe(1);
    expect(new Date(String(stored["run_at"])).getTime()).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ["network", { status: "received", attempts: 0, processed_at: null, error_kind: "network" }],
    [null, { status: "received", attempts: 0, processed_at: null, error_kind: null }],
    ["invalid", { status: "failed", attempts: 8, error_kind: "invalid" }],
  ])("that was a dead letter starts again, unless it can never be processed (%s)", async (kind, expected) => {
    const inbox = await inboxOf();
    const bytes = body();
    const { guid } = await inbox.post({ body: bytes });
    await expect.poll(() => inbox.woken.length).toBe(1);
    await store.sql.query(
      "UPDATE deliveries SET status = 'failed', attempts = 8, processed_at = now(), error_kind = $2 WHERE guid = $1",
      [guid, kind],
    );
    const again = await inbox.post({ body: bytes, guid });
    expect(JSON.parse(again.body)).toEqual({ id: guid, duplicate: true });
    expect(await row(guid)).toMatchObject({ ...expected, redeliveries: 1 });
    const { guid: next } = await inbox.post({ body: body() });
    const ids = [(await row(guid))["id"], (await row(next))["id"]].map(String);
    const { status } = expected;
    await expect.poll(() => inbox.woken.slice(1).flat()).toEqual(status === "received" ? ids : ids.slice(1));
  });

  test("is not woken when it was finished", async () => {
    const inbox = await inboxOf();
    const bytes = body();
    const { guid } = await inbox.post({ body: bytes });
    await store.sql.query("UPDATE deliveries SET status = 'processed' WHERE guid = $1", [guid]);
    await expect.poll(() => inbox.woken.length).toBe(1);
    const again = await inbox.post({ body: bytes, guid });
    expect(JSON.parse(again.body)).toEqual({ id: guid, duplicate: true });
    await inbox.post({ body: body() });
    await expect.poll(() => inbox.woken.length).toBe(2);
    expect(inbox.woken[1]).not.toEqual(inbox.woken[0]);
    expect(await row(guid)).toMatchObject({ status: "processed", redeliveries: 1 });
  });

  test("under another GUID is kept as a row that points to the first and gives back the same bytes", async () => {
    const inbox = await inboxOf();
    const bytes = body();
    const first = await inbox.post({ body: bytes });
    const replay = await inbox.post({ body: bytes });
    expect(JSON.parse(replay.body)).toEqual({ id: replay.guid, duplicate: true });
    expect(await row(replay.guid)).toMatchObject({ status: "duplicate", duplicate_of: first.guid, redeliveries: 0 });
    expect((await readBody(store.sql, replay.guid))?.bytes.toString()).toBe(bytes);
    const again = await inbox.post({ body: bytes, guid: replay.guid });
    expect(JSON.parse(again.body)).toEqual({ id: replay.guid, duplicate: true });
  });

  test("under another GUID is a new one after three days", async () => {
    let now = new Date();
    const inbox = await inboxOf({ clock: { now: () => now } });
    const bytes = body();
    const first = await inbox.post({ body: bytes });
    now = new Date(now.getTime() + DEDUPE_WINDOW_MS - 1);
    expect((await inbox.post({ body: bytes })).body).toContain('"duplicate":true');
    now = new Date(now.getTime() + 1);
    const later = await inbox.post({ body: bytes });
    expect(later.body).toContain('"duplicate":false');
    expect((await row(first.guid))["dedupe_key"]).toBeNull();
    const replay = await inbox.post({ body: bytes });
    expect(await row(replay.guid)).toMatchObject({ status: "duplicate", duplicate_of: later.guid });
  });

  test.each([
    { name: "another event", event: "issue_comment" },
    { name: "an event whose payload may repeat", event: "push" },
  ])("with the same body and $name is a new one", async ({ event }) => {
    const inbox = await inboxOf();
    const bytes = body();
    await inbox.post({ body: bytes, event: event === "push" ? "push" : "issues" });
    expect((await inbox.post({ body: bytes, event })).body).toContain('"duplicate":false');
  });
});
