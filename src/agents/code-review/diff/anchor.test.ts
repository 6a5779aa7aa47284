import { expect, it } from "vitest";
import { anchorIn } from "./anchor.js";
import { parsePatch } from "./parse-patch.js";

const file = parsePatch("@@ -1,2 +1,3 @@\n a\n+b\n c\n@@ -9,2 +10,2 @@\n-x\n+y\n z\n");

it.each([
  [2, 2, { startLine: 2, line: 2 }],
  [1, 3, { startLine: 1, line: 3 }],
  [2, 10, { startLine: 2, line: 3 }],
  [10, 99, { startLine: 10, line: 11 }],
  [4, 4, null],
  [9, 10, null],
  [0, 1, null],
])("lines %i to %i", (start, end, expected) => {
  expect(anchorIn(file, start, end)).toEqual(expected);
});
