import { expect, test } from "vitest";
import { effectSchema, targetOf, type Effect } from "./effect.js";
import { parseJson } from "../unchecked.js";
import { canonicalJson, intentOf } from "./intent.js";

const comment: Effect = {
  kind: "comment",
  repository: { id: 7n, owner: "acme", name: "site" },
  occasion: "abc",
  reason: "it was opened",
  issue: 3,
  slot: "review",
  body: "Hello",
};

test("the same effect on the same target has the same intent, whatever the reason", () => {
  const retold: Effect = { ...comment, reason: "other words", repository: { id: 7n, owner: "acme", name: "renamed" } };
  expect(intentOf(retold)).toBe(intentOf(comment));
  expect(intentOf(comment)).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, Partial<Extract<Effect, { kind: "comment" }>>]>([
  ["text", { body: "Hello!" }],
  ["place", { issue: 4 }],
  ["slot", { slot: "triage" }],
  ["occasion", { occasion: "def" }],
  ["repository", { repository: { id: 8n, owner: "acme", name: "site" } }],
])("another %s is another intent", (_name, change) => {
  expect(intentOf({ ...comment, ...change })).not.toBe(intentOf(comment));
});

test("reads an effect back from its row unchanged", () => {
  const back = effectSchema.parse(parseJson(canonicalJson(comment)));
  expect(back).toEqual(comment);
  expect(intentOf(back)).toBe(intentOf(comment));
  expect(targetOf(back)).toBe("#3/comment:review");
});

test("keys are sorted at every depth, lists are not", () => {
  expect(canonicalJson({ b: [{ d: 1n, c: 2 }, 1], a: undefined })).toBe('{"b":[{"c":2,"d":"1"},1]}');
});
