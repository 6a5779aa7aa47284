import { describe, expect, test } from "vitest";
import { spread, type Spread } from "./spread.js";

const START = Date.parse("2026-03-02T08:00:00Z");
const never = new AbortController().signal;

/** Time passes only where something sleeps, and then at once. */
function setting(more: Partial<Spread> = {}) {
  let now = START;
  const how: Spread = {
    atOnce: 16,
    overMs: 240_000,
    mostMs: 1_000,
    clock: { now: () => new Date(now) },
    sleep(ms, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      now += ms;
      return Promise.resolve();
    },
    signal: never,
    ...more,
  };
  return { how, at: () => now - START, pass: (ms: number) => void (now += ms) };
}

const items = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe("the beginnings", () => {
  test.each([
    ["few: no further apart than the most", 5, 1_000],
    ["many: over the whole time", 480, 500],
    ["very many: closer still", 2_400, 100],
  ])("%s", async (_what, count, gap) => {
    const { how, at } = setting();
    const begun: number[] = [];
    await spread(items(count), async () => void begun.push(at()), how);
    expect(begun).toEqual(items(count).map((index) => index * gap));
  });

  test("does not delay late items, and leaves none out", async () => {
    const { how, at, pass } = setting({ overMs: 10_000 });
    const begun: number[] = [];
    const slow = async (item: number): Promise<void> => {
      begun.push(at());
      if (item === 0) pass(3_500);
    };
    await spread(items(6), slow, how);
    // Due every second: the four that the first one held up begin at once, then the pace is as it was.
    expect(begun).toEqual([0, 3_500, 3_500, 3_500, 4_000, 5_000]);
  });
});

test("runs at most the limit at once, and that many when the work is slow", async () => {
  const { how } = setting({ overMs: 0, mostMs: 0, atOnce: 3 });
  const open: (() => void)[] = [];
  let under = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    under += 1;
    most = Math.max(most, under);
    await new Promise<void>((resolve) => open.push(resolve));
    under -= 1;
  };
  const done = spread(items(10), work, how);
  for (let ended = 0; ended < 10; ended += 1) {
    while (open.length === 0) await Promise.resolve();
    expect(under).toBeLessThanOrEqual(3);
    open.shift()?.();
  }
  await done;
  expect(most).toBe(3);
});

test("a failure stops no other item, and is thrown at the end", async () => {
  const { how } = setting({ overMs: 0, mostMs: 0, atOnce: 2 });
  const ended: number[] = [];
  const work = async (item: number): Promise<void> => {
    if (item % 4 === 1) throw new Error(`the database was away for ${item}`);
    ended.push(item);
  };
  await expect(spread(items(8), work, how)).rejects.toThrow("the database was away for 1");
  expect(ended).toEqual([0, 2, 3, 4, 6, 7]);
});

test("stops when aborted, after running items have ended", async () => {
  const stop = new AbortController();
  const { how } = setting({ signal: stop.signal });
  const ended: number[] = [];
  const work = async (item: number): Promise<void> => {
    if (item === 2) stop.abort(new Error("the process stops"));
    await new Promise((resolve) => setImmediate(resolve));
    ended.push(item);
  };
  await expect(spread(items(10), work, how)).rejects.toThrow("the process stops");
  expect(ended).toEqual([0, 1, 2]);
});
