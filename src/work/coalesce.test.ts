import { expect, test } from "vitest";
import { coalesce } from "./coalesce.js";

test("ids that arrive during an add go together in the next one", async () => {
  const batches: (readonly number[])[] = [];
  const releases: (() => void)[] = [];
  const wake = coalesce<number>((batch) => {
    batches.push(batch);
    return new Promise((resolve) => releases.push(resolve));
  });
  const first = wake([1]);
  await Promise.resolve();
  const second = wake([2]);
  const third = wake([3, 4]);
  await Promise.resolve();
  expect(batches).toEqual([[1]]);
  releases[0]?.();
  await first;
  await expect.poll(() => batches).toEqual([[1], [2, 3, 4]]);
  releases[1]?.();
  await Promise.all([second, third]);
  const fourth = wake([5]);
  await expect.poll(() => batches.length).toBe(3);
  releases[2]?.();
  await fourth;
});
