import { expect, test } from "vitest";
import { createBudget } from "./budget.js";

const LIMITS = { heldBytes: 100, heldLargeBytes: 50, largeBody: 20 };

test("all bodies together hold no more than the limit", () => {
  const budget = createBudget(LIMITS);
  const shares = Array.from({ length: 6 }, () => budget.open());
  expect(shares.map((share) => share.grow(20))).toEqual([true, true, true, true, true, false]);
  expect(budget.held).toBe(100);
  shares[0]?.free();
  shares[0]?.free();
  expect(budget.held).toBe(80);
  expect(shares[5]?.grow(20)).toBe(true);
});

test("large bodies leave room for the others", () => {
  const budget = createBudget(LIMITS);
  const [one, two, small] = [budget.open(), budget.open(), budget.open()];
  expect(one.grow(20) && one.grow(15)).toBe(true);
  expect(two.grow(20)).toBe(true);
  expect(two.grow(1)).toBe(false);
  expect(small.grow(20)).toBe(true);
  one.free();
  expect(two.grow(1)).toBe(true);
});

test("releases the difference after compression", () => {
  const budget = createBudget(LIMITS);
  const [one, two] = [budget.open(), budget.open()];
  one.grow(50);
  expect(two.grow(21)).toBe(false);
  one.shrinkTo(5);
  expect(budget.held).toBe(5);
  expect(two.grow(50)).toBe(true);
  one.shrinkTo(500);
  expect(budget.held).toBe(55);
});
