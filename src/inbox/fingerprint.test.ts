import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { dedupeKey } from "./fingerprint.js";

const macOf = (body: string): Buffer => createHmac("sha256", "a secret").update(body).digest();
const keyOf = (event: string, body: string): string | undefined => dedupeKey(event, macOf(body))?.toString("hex");

test("the dedupe key is of the event and of the body, where a body cannot repeat", () => {
  const body = "body ".repeat(1_000);
  expect(keyOf("issues", body)).toMatch(/^[0-9a-f]{64}$/);
  expect(keyOf("issues", body)).toBe(keyOf("issues", body));
  expect(keyOf("issues", `${body}.`)).not.toBe(keyOf("issues", body));
  expect(keyOf("issue_comment", body)).not.toBe(keyOf("issues", body));
  expect(keyOf("push", body)).toBeUndefined();
});

test("the dedupe key does not reveal the signature", () => {
  expect(keyOf("issues", "body")).not.toContain(macOf("body").toString("hex"));
});
