import { expect, it } from "vitest";
import { levelOf, UNKNOWN } from "./level.js";
import type { CheckName } from "./reading.js";
import { reportOf } from "./report.js";
import type { Standing } from "./settle.js";

const NOW = new Date("2026-01-01T12:00:00Z");
const PERIOD = 300_000;

function known(check: CheckName, rank: number, installationId: bigint | null = null, minutesAgo = 1) {
  const checkedAt = new Date(NOW.getTime() - minutesAgo * 60_000);
  const standing: Standing = {
    level: levelOf(rank),
    since: checkedAt,
    reason: "because",
    remedy: null,
    value: null,
    pending: null,
    unread: null,
    checkedAt,
  };
  return { check, installationId, account: installationId === null ? null : `account-${installationId}`, standing };
}

it("is as bad as its worst part, the worst installation first, checks in their order", () => {
  const report = reportOf(
    [known("drift", 0), known("authentication", 0), known("quota", 1, 1n), known("quota", 3, 2n), known("api", 0, 3n)],
    NOW,
    PERIOD,
  );
  expect(report).toMatchObject({ state: "unhealthy", stale: null });
  expect(report.app.map(({ check }) => check)).toEqual(["authentication", "drift"]);
  expect(report.installations.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "2 unhealthy",
    "1 degraded",
    "3 healthy",
  ]);
});

it("is unknown before the first health check, and unhealthy when the last one is old", () => {
  expect(reportOf([], NOW, PERIOD)).toMatchObject({ state: "unknown", app: [], installations: [] });
  expect(reportOf([known("queue", 0, null, 15)], NOW, PERIOD)).toMatchObject({ state: "healthy", stale: null });
  const late = reportOf([known("queue", 0, null, 16)], NOW, PERIOD);
  expect(late.state).toBe("unhealthy");
  expect(late.stale).toBe("no health check has run for 16 min; start a worker (ROLE=all or worker)");
});

it("is unknown while a check was never made and none is worse", () => {
  const never = known("webhooks", 0);
  const unknown = { ...never, standing: { ...never.standing, level: UNKNOWN, unread: "GitHub answered 401" } };
  expect(reportOf([known("queue", 0), unknown], NOW, PERIOD).state).toBe("unknown");
  expect(reportOf([known("queue", 1), unknown], NOW, PERIOD).state).toBe("degraded");
  expect(reportOf([known("queue", 0), { ...unknown, installationId: 7n }], NOW, PERIOD)).toMatchObject({
    state: "unknown",
    installations: [{ state: "unknown" }],
  });
});
