import { expect, test } from "vitest";
import { createTally } from "./tally.js";

test("none resolves for every caller when no operation is running", async () => {
  const tally = createTally();
  await tally.none();
  for (let begun = 0; begun < 3; begun++) tally.begin();
  const resolved: string[] = [];
  const first = tally.none().then(() => resolved.push("first"));
  const second = tally.none().then(() => resolved.push("second"));
  tally.end();
  await new Promise(setImmediate);
  expect(resolved).toEqual([]);
  tally.end(2);
  await Promise.all([first, second]);
  expect(resolved).toEqual(["first", "second"]);
  await tally.none();
});
