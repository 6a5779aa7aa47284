import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { HEAP_FLAG } from "./heap.js";

test("this Node supports the flag", async () => {
  const { stderr } = await promisify(execFile)(process.execPath, [HEAP_FLAG, "--eval", ""]);
  expect(stderr).toBe("");
});
