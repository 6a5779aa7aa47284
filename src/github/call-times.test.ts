import { expect, test } from "vitest";
import { createCallTimes } from "./call-times.js";
import type { GitHubCall } from "./octokit/observe.js";

const MINUTE = 60_000;

function setting() {
  let now = Date.parse("2026-03-02T08:00:00Z");
  const times = createCallTimes({ now: () => new Date(now) });
  const call = (installationId: bigint | null, durationMs: number): GitHubCall => ({
    installationId,
    route: "GET /rate_limit",
    status: 200,
    rateLimit: null,
    durationMs,
  });
  return {
    of: times.of,
    pass: (ms: number) => void (now += ms),
    see: (installationId: bigint | null, ...durations: readonly number[]) =>
      durations.forEach((duration) => times.observe(call(installationId, duration))),
  };
}

/** 10 ms, 20 ms, … in an order that is not theirs. */
const rising = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (((index * 37) % count) + 1) * 10);

test("returns the median and the 95th percentile", () => {
  const { of, see } = setting();
  see(7n, ...rising(100));
  expect(of(7n)).toEqual({ calls: 100, p50: 0.51, p95: 0.96 });
});

test("returns null for few calls", () => {
  const { of, see } = setting();
  see(7n, ...rising(19));
  expect(of(7n)).toBeNull();
  see(7n, 5);
  expect(of(7n)?.calls).toBe(20);
});

test("each installation has its own, and the App too", () => {
  const { of, see } = setting();
  see(7n, ...rising(20).map(() => 100));
  see(null, ...rising(20).map(() => 3_000));
  expect(of(7n)).toMatchObject({ p50: 0.1 });
  expect(of(null)).toMatchObject({ p50: 3 });
  expect(of(8n)).toBeNull();
});

test("calls of more than five minutes ago are forgotten", () => {
  const { of, see, pass } = setting();
  see(7n, ...rising(20).map(() => 9_000));
  pass(5 * MINUTE);
  see(7n, ...rising(20).map(() => 100));
  expect(of(7n)).toMatchObject({ calls: 40 });
  pass(1);
  expect(of(7n)).toEqual({ calls: 20, p50: 0.1, p95: 0.1 });
});

test("the newest five hundred are kept, however many are made", () => {
  const { of, see } = setting();
  see(7n, ...rising(1_000).map(() => 9_000));
  see(7n, ...rising(500).map(() => 100));
  expect(of(7n)).toEqual({ calls: 500, p50: 0.1, p95: 0.1 });
});
