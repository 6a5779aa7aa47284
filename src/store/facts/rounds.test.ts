import { expect, it } from "vitest";
import { rounds } from "./rounds.js";

it("no key is twice in a round, and the order within a key is kept", () => {
  expect(rounds(["a1", "b1", "a2", "c1", "a3", "b2"], ([key]) => key ?? "")).toEqual([
    ["a1", "b1", "c1"],
    ["a2", "b2"],
    ["a3"],
  ]);
  expect(rounds([], String)).toEqual([]);
});
