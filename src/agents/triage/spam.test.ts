import { expect, test } from "vitest";
import { isLikelySpam, spamSignsOf } from "./spam.js";

test.each([
  ["Best casino bonus 2026", "Win now https://a.example/1 https://a.example/2 https://a.example/3"],
  ["Airline customer service number 800-555-0199", "Call us."],
])("two signs are likely spam: %s", (title, body) => {
  expect(isLikelySpam(spamSignsOf({ title, body }))).toBe(true);
});

test.each([
  ["Crash in export", "See https://ci.example/1 https://ci.example/2 https://ci.example/3 for three failed runs."],
  ["Buy button does not work", "The discount is not shown. Contact support says it is a bug."],
  ["", ""],
])("an ordinary issue is not likely spam: %s", (title, body) => {
  expect(isLikelySpam(spamSignsOf({ title, body }))).toBe(false);
});

test("a text of 60,000 characters takes no time", () => {
  const began = performance.now();
  spamSignsOf({ title: "x", body: "buy ".repeat(15_000) });
  expect(performance.now() - began).toBeLessThan(500);
});
