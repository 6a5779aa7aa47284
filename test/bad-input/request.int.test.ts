import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { withDatabase } from "../support/database.js";
import { SECRET } from "../support/inbox.js";
import { badInput, BODY, GOOD } from "./setting.js";

const { store } = await withDatabase({ poolSize: 8 });
const { inboxOf, stored, rows } = badInput(store);
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
