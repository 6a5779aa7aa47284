import { expect, it } from "vitest";
import { diff } from "../diff.js";
import { hunkUntil } from "./review-comments.js";

const { patch } = diff("a\nb\nc\nd\n", "a\nB\nc\nd\nnew\n");

it("ends a comment's hunk at the commented line", () => {
  expect(hunkUntil(patch, 2, "RIGHT")).toBe("@@ -1,4 +1,5 @@\n a\n-b\n+B");
  expect(hunkUntil(patch, 2, "LEFT")).toBe("@@ -1,4 +1,5 @@\n a\n-b");
  expect(hunkUntil(patch, 5, "RIGHT").split("\n").at(-1)).toBe("+new");
});
