import { expect, it } from "vitest";
import { firstLine } from "./first-line.js";

it.each([
  ["/review", "/review"],
  ["  /Review full \r\nthanks", "/Review full"],
  ["\n\n   /help\n", "/help"],
  ["    /help", null],
  ["\t/help", null],
  ["\n  \t/help", null],
  ["     \n/help", "/help"],
  ["", ""],
  ["x".repeat(301), null],
])("of %j is %j", (body, expected) => {
  expect(firstLine(body)).toBe(expected);
});
