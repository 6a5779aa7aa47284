import { expect, it } from "vitest";
import { randomDifference } from "../../bench/dora/random.js";
import { rivalVerdicts } from "../../bench/dora/rivals.js";
import { scriptedDifferences } from "../../bench/dora/scripted.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
/** `npm run bench -- dora` plays 200 of them. */
const SEEDS = 4;

it("gives the figures that were counted by hand, in every scripted history", { timeout: 120_000 }, async () => {
  expect(await scriptedDifferences(store)).toEqual([]);
});

it("gives the same figures when deliveries are lost, repeated and reordered", { timeout: 120_000 }, async () => {
  for (let seed = 1_001; seed <= 1_000 + SEEDS; seed += 1) expect(await randomDifference(store, seed)).toBeNull();
});

it("is right where the rules of DevLake are known to be wrong", async () => {
  for (const { issue, right, ours, theirs } of await rivalVerdicts(store)) {
    expect(ours, issue).toBe(right);
    expect(theirs, issue).not.toBe(right);
  }
});
