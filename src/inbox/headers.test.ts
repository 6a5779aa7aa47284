import { expect, test } from "vitest";
import { readHeaders } from "./headers.js";

const GOOD = {
  "content-type": "application/json",
  "content-length": "10",
  "x-github-delivery": "2b5d9a70-2d13-11ee-8e6a-4f1b6a3f1f2a",
  "x-github-event": "pull_request",
  "x-hub-signature-256": `sha256=${"a".repeat(64)}`,
};

function judge(overrides: Readonly<Record<string, string | undefined>>, method = "POST"): number | string {
  const read = readHeaders(method, { ...GOOD, ...overrides }, 100);
  return read.ok ? read.headers.contentType : read.refusal.status;
}

test("reads GitHub's headers", () => {
  const read = readHeaders("POST", { ...GOOD, "x-github-hook-id": "7", "user-agent": "u".repeat(300) }, 100);
  expect(read).toMatchObject({
    ok: true,
    headers: { event: "pull_request", contentLength: 10, hookId: "7", targetId: null, userAgent: "u".repeat(255) },
  });
});

test("a GUID is one whatever its case", () => {
  const read = readHeaders("POST", { ...GOOD, "x-github-delivery": GOOD["x-github-delivery"].toUpperCase() }, 100);
  expect(read).toMatchObject({ ok: true, headers: { guid: GOOD["x-github-delivery"] } });
});

test.each([
  { name: "another method", overrides: {}, method: "GET", answer: 405 },
  {
    name: "JSON with a charset",
    overrides: { "content-type": "Application/JSON; charset=utf-8" },
    answer: "application/json",
  },
  {
    name: "a form",
    overrides: { "content-type": "application/x-www-form-urlencoded" },
    answer: "application/x-www-form-urlencoded",
  },
  { name: "another type", overrides: { "content-type": "application/jsonp" }, answer: 400 },
  { name: "a compressed body", overrides: { "content-encoding": "gzip" }, answer: 400 },
  { name: "a length at the limit", overrides: { "content-length": "100" }, answer: "application/json" },
  { name: "a length over the limit", overrides: { "content-length": "101" }, answer: 413 },
  { name: "no length", overrides: { "content-length": undefined }, answer: "application/json" },
  { name: "a length that is no number", overrides: { "content-length": "1e1" }, answer: 400 },
  { name: "a signature in upper case", overrides: { "x-hub-signature-256": `sha256=${"A".repeat(64)}` }, answer: 401 },
  { name: "a short GUID", overrides: { "x-github-delivery": "2b5d9a70" }, answer: 400 },
  { name: "an event with a dot", overrides: { "x-github-event": "issues.opened" }, answer: 400 },
])("$name: $answer", ({ overrides, method, answer }) => {
  expect(judge(overrides, method)).toBe(answer);
});

test("an unsigned sender learns only the size limit", () => {
  expect(judge({ "x-hub-signature-256": undefined, "x-github-delivery": "bad" })).toBe(401);
  expect(judge({ "x-hub-signature-256": undefined, "content-length": "101" })).toBe(413);
});
