import { describe, expect, it } from "vitest";
import type { BudgetState } from "../../store/sync/budget-row.js";
import { BUDGET_DEFAULTS, type CallClass } from "./class.js";
import { type Ask, decide, settle } from "./decide.js";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

const fresh: BudgetState = {
  limit: 1_000,
  remaining: 1_000,
  resetAt: NOW + HOUR,
  blockedUntil: null,
  leases: [],
  pointsAt: 0,
  secondsAt: 0,
  meanMs: 0,
};
const ask = (of: CallClass, points = 5, now = NOW): Ask => ({
  resource: "graphql",
  class: of,
  points,
  token: `${of} ${now}`,
  now,
});
const verdict = (state: BudgetState, of: CallClass, points = 5) => decide(state, ask(of, points), BUDGET_DEFAULTS);

describe("the hourly quota", () => {
  it("is left to more urgent classes, each with a part of the reserve", () => {
    const granted = (remaining: number) =>
      (["live", "agents", "incremental", "full"] as const).filter(
        (of) => verdict({ ...fresh, remaining }, of).kind === "granted",
      );
    expect(granted(255)).toEqual(["live", "agents", "incremental", "full"]);
    expect(granted(254)).toEqual(["live", "agents", "incremental"]);
    expect(granted(104)).toEqual(["live", "agents"]);
    expect(granted(54)).toEqual(["live"]);
    expect(granted(4)).toEqual([]);
  });

  it("counts running calls", () => {
    const leases = [{ token: "other", points: 740, until: NOW + 1_000 }];
    expect(verdict({ ...fresh, leases }, "full")).toMatchObject({ kind: "granted" });
    expect(verdict({ ...fresh, leases }, "full", 11)).toMatchObject({ kind: "wait", why: "quota", until: NOW + HOUR });
  });

  it("is full again once its reset is past", () => {
    expect(verdict({ ...fresh, remaining: 0, resetAt: NOW }, "full").kind).toBe("granted");
  });

  it("without a limit delays no call", () => {
    expect(verdict({ ...fresh, limit: null, remaining: null, resetAt: null }, "full").kind).toBe("granted");
  });

  it("waits as long as GitHub says after a refusal, in every class", () => {
    const blocked = { ...fresh, blockedUntil: NOW + 9_000 };
    expect(verdict(blocked, "live")).toMatchObject({ kind: "wait", why: "quota", until: NOW + 9_000 });
    expect(verdict({ ...fresh, blockedUntil: NOW }, "full").kind).toBe("granted");
  });
});

describe("the pace", () => {
  /** Calls of 5 points and 100 ms each, as fast as they are let through, for two minutes. */
  function twoMinutes(of: CallClass, serverMs: number) {
    let state: BudgetState = { ...fresh, limit: null, remaining: null, resetAt: null };
    const made: number[] = [];
    for (let now = NOW; now < NOW + 120_000;) {
      const answer = decide(state, ask(of, 5, now), BUDGET_DEFAULTS);
      ({ state } = answer);
      if (answer.kind === "wait") {
        now = Math.max(now + 1, answer.until);
        continue;
      }
      made.push(now);
      const call = {
        token: `${of} ${now}`,
        now: now + 1,
        points: 5,
        elapsedMs: serverMs,
        seen: null,
        blockedUntil: null,
      };
      state = settle(state, call, BUDGET_DEFAULTS);
      now += 1;
    }
    const inMinute = (from: number) => made.filter((at) => at >= from && at < from + 60_000).length;
    return Math.max(...made.map(inMinute));
  }

  it("never passes 2,000 points in any minute, and uses most of them", () => {
    const most = twoMinutes("live", 0) * 5;
    expect(most).toBeLessThanOrEqual(2_000);
    expect(most).toBeGreaterThan(1_500);
  });

  it("never passes 60 seconds of server time in any minute, and uses most of them", () => {
    const most = twoMinutes("full", 500) * 500;
    expect(most).toBeLessThanOrEqual(60_000);
    expect(most).toBeGreaterThan(35_000);
  });

  it("slows down when running calls exceed their estimate, before they are answered", () => {
    const state = { ...fresh, meanMs: 50 };
    const leases = ["a", "b", "c"].map((token) => ({ token, points: 1, startedAt: NOW, until: NOW + 60_000 }));
    const after = (ms: number) => decide({ ...state, leases }, ask("full", 1, NOW + ms), BUDGET_DEFAULTS);
    expect(after(60)).toMatchObject({ kind: "granted", startAt: NOW + 60 });
    expect(after(5_000)).toMatchObject({ kind: "wait", why: "pace" });
    // Nothing of it stays when they are answered after all: what they took is counted then.
    expect(decide(state, ask("full", 1, NOW + 5_000), BUDGET_DEFAULTS).kind).toBe("granted");
  });

  it("lets fewer calls of a full sync be under way than of live work", () => {
    const leases = Array.from({ length: 4 }, (_, index) => ({ token: String(index), points: 1, until: NOW + 1_000 }));
    expect(verdict({ ...fresh, leases }, "full")).toMatchObject({ kind: "wait", why: "pace" });
    expect(verdict({ ...fresh, leases }, "live").kind).toBe("granted");
  });

  it("forgets calls of dead processes", () => {
    const leases = Array.from({ length: 4 }, (_, index) => ({ token: String(index), points: 1, until: NOW }));
    expect(verdict({ ...fresh, leases }, "full").kind).toBe("granted");
  });
});

describe("the limit in a response", () => {
  const settled = (remaining: number, resetAt: number) =>
    settle(
      { ...fresh, remaining: 500 },
      {
        token: "x",
        now: NOW,
        points: 1,
        elapsedMs: 10,
        seen: { limit: 1_000, remaining, resetAt },
        blockedUntil: null,
      },
      BUDGET_DEFAULTS,
    );

  it("may come late: the smaller remainder of a window is the later one", () => {
    expect(settled(600, NOW + HOUR).remaining).toBe(500);
    expect(settled(400, NOW + HOUR).remaining).toBe(400);
  });

  it("starts over with a new window, and is ignored from an old one", () => {
    expect(settled(999, NOW + 2 * HOUR)).toMatchObject({ remaining: 999, resetAt: NOW + 2 * HOUR });
    expect(settled(3, NOW - HOUR)).toMatchObject({ remaining: 500, resetAt: NOW + HOUR });
  });
});

describe("a process that was stopped for 45 s with 20 calls under way", () => {
  it("leaves a debt of a minute at most, and a mean that GitHub's own limit bounds", () => {
    let state: BudgetState = { ...fresh, meanMs: 200 };
    const tokens = Array.from({ length: 20 }, (_, n) => `call ${n}`);
    const leases = tokens.map((token) => ({ token, points: 1, startedAt: NOW, until: NOW + 60_000 }));
    state = { ...state, leases };
    const later = NOW + 45_000;
    const waiting = decide(state, ask("agents", 1, later), BUDGET_DEFAULTS);
    expect(waiting).toMatchObject({ kind: "wait", why: "pace" });
    expect("until" in waiting && waiting.until - later).toBeLessThanOrEqual(60_000);
    for (const token of tokens)
      state = settle(
        state,
        { token, now: later, points: 1, elapsedMs: 45_000, seen: null, blockedUntil: null },
        BUDGET_DEFAULTS,
      );
    expect(state.secondsAt).toBeLessThanOrEqual(later + 60_000);
    expect(state.meanMs).toBeLessThanOrEqual(10_000);
    expect(decide(state, ask("agents", 1, later + 60_000), BUDGET_DEFAULTS).kind).toBe("granted");
  });
});
