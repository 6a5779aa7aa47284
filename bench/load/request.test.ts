import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createRequests } from "./request.js";

test("signs every request, with its declared length, and makes each one unique", () => {
  const shared = '{"é":1';
  const open = createRequests({
    port: 1,
    path: "/hooks",
    secret: "secret",
    event: "push",
    shared,
    connections: 2,
    seconds: 1,
    rate: null,
  });
  const [first, second] = [open(), open()];
  // A connection's next request is written over the one before.
  const texts = [first, second, first].map((next) => next().toString());
  const guids = texts.map((text) => {
    const [head = "", body = ""] = text.split("\r\n\r\n");
    const guid = /x-github-delivery: (.+)/.exec(head)?.[1];
    expect(body).toBe(`${shared},"nonce":"${guid}"}`);
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(head).toContain(`sha256=${createHmac("sha256", "secret").update(body).digest("hex")}`);
    return guid;
  });
  expect(new Set(guids).size).toBe(3);
});
