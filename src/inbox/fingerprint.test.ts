import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { dedupeKey, hashBody } from "./fingerprint.js";

const sha256 = (bytes: string | Buffer): Buffer => createHash("sha256").update(bytes).digest();

test("the hash of a body does not depend on how it came in", () => {
  expect(hashBody([Buffer.from("body")])).toEqual(sha256("body"));
  expect(hashBody([Buffer.from("bo"), Buffer.from("dy")])).toEqual(sha256("body"));
  expect(hashBody([])).toEqual(sha256(""));
});

test("the dedupe key is of the event and the body, where a body cannot repeat", () => {
  const body = sha256("body");
  expect(dedupeKey("issues", body)).toEqual(sha256(Buffer.concat([Buffer.from("issues\0"), body])));
  expect(dedupeKey("issue_comment", body)).not.toEqual(dedupeKey("issues", body));
  expect(dedupeKey("push", body)).toBeNull();
});
