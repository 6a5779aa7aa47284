import { expect, it, vi } from "vitest";
import { shared } from "./shared.js";

it("computes once for concurrent and closely following callers", async () => {
  const compute = vi.fn(
    () => new Promise<number>((resolve) => setTimeout(() => resolve(compute.mock.calls.length), 20)),
  );
  const ask = shared(compute, 50);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  expect(await ask()).toBe(1);
  await vi.waitFor(async () => expect(await ask()).toBe(2));
  expect(compute).toHaveBeenCalledTimes(2);
});

it("computes again after a failure that all callers have seen", async () => {
  const compute = vi.fn(() => Promise.reject(new Error("away")));
  const ask = shared(compute, 10);
  await expect(Promise.all([ask(), ask()])).rejects.toThrow("away");
  await vi.waitFor(async () => {
    await expect(ask()).rejects.toThrow("away");
    expect(compute).toHaveBeenCalledTimes(2);
  });
});
