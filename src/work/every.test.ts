import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { every } from "./every.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const half = () => 0.5;

test("runs periodically, one run at a time, and continues after a failure", async () => {
  const failures: unknown[] = [];
  let runs = 0;
  const regular = every(
    1_000,
    () => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error("once")) : Promise.resolve();
    },
    { jitter: half, onError: (error) => failures.push(error) },
  );
  await vi.advanceTimersByTimeAsync(749);
  expect(runs).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(runs).toBe(3);
  expect(failures).toHaveLength(1);
  await regular.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(runs).toBe(3);
});

test("runs sooner on request, and stops after the current run", async () => {
  let release = (): void => undefined;
  let runs = 0;
  const regular = every(
    60_000,
    async () => {
      runs += 1;
      if (runs === 3) await new Promise<void>((resolve) => (release = resolve));
      return { soonerMs: 10 };
    },
    { jitter: half, onError: () => undefined },
  );
  await vi.advanceTimersByTimeAsync(45_020);
  expect(runs).toBe(3);
  let stopped = false;
  const stopping = regular.stop().then(() => (stopped = true));
  await vi.advanceTimersByTimeAsync(100);
  expect(stopped).toBe(false);
  release();
  await stopping;
  await vi.advanceTimersByTimeAsync(100_000);
  expect(runs).toBe(3);
});
