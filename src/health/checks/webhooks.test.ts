import { describe, expect, it, test } from "vitest";
import { DEFAULT_BANDS } from "../../config/health-bands.js";
import type { AttemptFact } from "../attempt.js";
import { webhooks } from "./webhooks.js";

const NOW = new Date("2026-01-01T12:00:00Z");
const MINUTE = 60;
const HOUR = 3_600;
const HOOK = { ok: true, value: { url: "https://us.test/hook", verifiesTls: true }, seconds: 0 } as const;

/** Attempts, newest first: a delivery, how long ago, and what was answered. */
function judge(attempts: readonly (readonly [guid: string, secondsAgo: number, statusCode: number])[], least?: number) {
  const value: readonly AttemptFact[] = attempts.map(([guid, seconds, statusCode]) => ({
    guid,
    deliveredAt: new Date(NOW.getTime() - seconds * 1000),
    statusCode,
  }));
  const facts = { hook: HOOK, ours: [], attempts: { ok: true, value, seconds: 0 } } as const;
  const { level, reason, value: share } = webhooks(facts, DEFAULT_BANDS, NOW, least);
  return { state: level?.state, reason, share };
}

describe("a quiet hour", () => {
  test("one failure at a restart does not change the state", () => {
    expect(judge([["a", 5 * MINUTE, 502]]).state).toBe("healthy");
    expect(
      judge([
        ["a", 5 * MINUTE, 502],
        ["b", 6 * MINUTE, 502],
        ["c", 7 * MINUTE, 202],
      ]).state,
    ).toBe("healthy");
  });

  test("reports a single failure on request", () => {
    expect(judge([["a", 5 * HOUR, 401]], 1)).toEqual({
      state: "unhealthy",
      reason: "1 of the newest 1 deliveries failed (100 %; 401)",
      share: 1,
    });
  });

  test("reports three consecutive failures once, however far apart", () => {
    const deliveries = [
      ["a", 2 * HOUR, 401],
      ["b", 9 * HOUR, 401],
      ["c", 20 * HOUR, 401],
      ["d", 30 * HOUR, 202],
    ] as const;
    const { state, reason } = judge(deliveries);
    expect(state).toBe("unhealthy");
    expect(reason).toBe("3 of the newest 3 deliveries failed (100 %; 401)");
    // As soon as one is taken it is over.
    expect(judge([["e", MINUTE, 202], ...deliveries]).state).toBe("healthy");
  });
});

describe("a delivery counts by its latest attempt", () => {
  const healed = ["a", "b", "c", "d"].flatMap((guid, index) => [
    [guid, 10 * MINUTE + index, 202] as const,
    [`${guid}${guid}`, 15 * MINUTE + index, 202] as const,
  ]);
  const failures = ["a", "b", "c", "d"].map((guid, index) => [guid, 20 * MINUTE + index, 502] as const);

  it("does not count as failed when a repetition was taken", () => {
    expect(judge([...healed, ...failures])).toMatchObject({ state: "healthy", share: 0 });
  });

  it("counts once however often it failed", () => {
    const again = failures.map(([guid, seconds]) => [guid, seconds - 10 * MINUTE, 502] as const);
    const { reason, share } = judge([...again, ...failures]);
    expect(reason).toMatch(/^4 of the last hour's 4 deliveries failed/);
    expect(share).toBe(1);
  });

  it("keeps its failure while a repetition is running", () => {
    const open = failures.map(([guid]) => [guid, 5, 0] as const);
    expect(judge([...open, ...failures]).state).toBe("unhealthy");
  });
});

test("an attempt that has no answer after a minute has failed", () => {
  const silent = (seconds: number) => judge(["a", "b", "c"].map((guid) => [guid, seconds, 0] as const));
  expect(silent(59).state).toBe("healthy");
  expect(silent(61)).toMatchObject({
    state: "unhealthy",
    reason: "3 of the last hour's 3 deliveries failed (100 %; no answer)",
  });
});

test("mentions that the list ends before the hour does", () => {
  const busy = (count: number) =>
    judge(
      Array.from({ length: count }, (_, index) => [String(index), MINUTE + index, index < 10 ? 502 : 202] as const),
    );
  expect(busy(100).reason).toMatch(/^10 of the newest 100 deliveries failed/);
  expect(busy(99).reason).toMatch(/^10 of the last hour's 99 deliveries failed/);
});
