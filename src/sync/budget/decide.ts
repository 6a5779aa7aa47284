import type { BudgetState, Resource } from "../../store/sync/budget-row.js";
import { type BudgetSettings, type CallClass, CLASS_SHARES } from "./class.js";

/** A requested call. */
export interface Ask {
  readonly resource: Resource;
  readonly class: CallClass;
  /** The expected cost: points for GraphQL, 1 for REST. */
  readonly points: number;
  /** Identifies the call until it is settled. */
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type Verdict =
  /** The call may start at `startAt`. Turns are given in order, so that no call is overtaken forever. */
  | { readonly kind: "granted"; readonly startAt: number; readonly state: BudgetState }
  /**
   * `quota`: the share of the hourly limit for this class is used up, or GitHub asked to wait. `pace`: too many calls,
   * or too fast.
   */
  | { readonly kind: "wait"; readonly why: "quota" | "pace"; readonly until: number; readonly state: BudgetState };

/** Below GitHub's limit per minute, so that GitHub's own counting never refuses a call. */
const PACE = 0.8;
/** The server time of a call is known only afterwards, and one slow answer takes a large part of the minute. */
const SECONDS_PACE = 0.65;
/** How far ahead of its rate the minute may get. Together with the pace this stays below the limit. */
const AHEAD = 0.15;
const POLL_MS = 25;
/** GitHub ends longer queries. A call that is still open after this time belongs to a dead process. */
const LONGEST_CALL_MS = 10_000;
/** Turns further away are not given yet, because a more urgent call would have to wait behind them. */
const LONGEST_TURN_MS = 500;

/** Whether the call may start now, or when to ask again. A pure function: the only place that decides about limits. */
export function decide(before: BudgetState, ask: Ask, settings: BudgetSettings): Verdict {
  const state = refreshed(before, ask.now);
  const share = CLASS_SHARES[ask.class];
  const wait = (why: "quota" | "pace", until: number): Verdict => ({ kind: "wait", why, until, state });

  if (state.blockedUntil !== null && state.blockedUntil > ask.now) return wait("quota", state.blockedUntil);
  if (state.limit !== null && state.remaining !== null && state.resetAt !== null) {
    const kept = Math.ceil(state.limit * settings.reserve * share.reserve);
    const free = state.remaining - state.leases.reduce((sum, lease) => sum + lease.points, 0);
    if (free - ask.points < kept) return wait("quota", state.resetAt);
  }
  if (state.leases.length >= share.concurrency) return wait("pace", ask.now + POLL_MS);

  const ahead = settings.minuteMs * AHEAD * share.burst;
  const pointsAt = withinMinute(state.pointsAt, ask.now, settings);
  // When GitHub slows down, running calls already exceed the estimate. This is known before any of them is answered.
  const known = withinMinute(state.secondsAt, ask.now, settings);
  const secondsAt = withinMinute(known + serverTime(overdueMs(state, ask.now), settings), ask.now, settings);
  const latest = Math.max(pointsAt, ask.resource === "graphql" ? secondsAt : 0);
  const startAt = Math.max(ask.now, latest - ahead);
  if (startAt - ask.now > LONGEST_TURN_MS) return wait("pace", startAt - LONGEST_TURN_MS);

  return {
    kind: "granted",
    startAt,
    state: {
      ...state,
      leases: [
        ...state.leases,
        { token: ask.token, points: ask.points, startedAt: startAt, until: startAt + settings.leaseMs },
      ],
      pointsAt: pointsAt + pointsTime(ask, settings),
      secondsAt: known + serverTime(state.meanMs, settings),
    },
  };
}

/** The rate limit in a response of GitHub. */
export interface SeenQuota {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since 1970. */
  readonly resetAt: number;
}

/** The end of a call. */
export interface Settlement {
  readonly token: string;
  readonly now: number;
  /** The cost; null when it may have cost nothing. */
  readonly points: number | null;
  readonly elapsedMs: number;
  readonly seen: SeenQuota | null;
  /** GitHub refused the call, and accepts calls again at this time. */
  readonly blockedUntil: number | null;
}

/** Removes the call from the list, and replaces the estimate by the known cost. */
export function settle(before: BudgetState, call: Settlement, settings: BudgetSettings): BudgetState {
  const state = refreshed(before, call.now);
  const lease = state.leases.find((each) => each.token === call.token);
  const spent =
    call.seen === null && state.remaining !== null
      ? state.remaining - (call.points ?? lease?.points ?? 0)
      : state.remaining;
  // The wall clock includes the time that the process slept; GitHub did not work for that long.
  const elapsedMs = Math.min(call.elapsedMs, LONGEST_CALL_MS);
  const late = serverTime(elapsedMs, settings) - serverTime(lease ? state.meanMs : 0, settings);
  return {
    ...merged({ ...state, remaining: spent }, call.seen),
    blockedUntil: Math.max(state.blockedUntil ?? 0, call.blockedUntil ?? 0) || null,
    leases: state.leases.filter((each) => each.token !== call.token),
    secondsAt: withinMinute(Math.max(state.secondsAt, call.now) + late, call.now, settings),
    meanMs:
      state.meanMs === 0
        ? elapsedMs
        : state.meanMs + (elapsedMs - state.meanMs) * (elapsedMs > state.meanMs ? 0.5 : 0.1),
  };
}

/** Two responses of one window may arrive in any order: the smaller remainder is the later one. */
const SAME_WINDOW_MS = 2_000;

function merged(state: BudgetState, seen: SeenQuota | null): BudgetState {
  if (seen === null) return state;
  if (state.resetAt !== null && seen.resetAt < state.resetAt - SAME_WINDOW_MS) return state;
  const same = state.resetAt !== null && seen.resetAt <= state.resetAt + SAME_WINDOW_MS;
  const remaining = same && state.remaining !== null ? Math.min(state.remaining, seen.remaining) : seen.remaining;
  return { ...state, limit: seen.limit, remaining, resetAt: seen.resetAt };
}

/** The state without lost calls, and with a full limit after its reset. */
function refreshed(state: BudgetState, now: number): BudgetState {
  const leases = state.leases.filter((lease) => lease.until > now);
  const reset = state.resetAt !== null && state.resetAt <= now;
  return { ...state, leases, ...(reset && { remaining: state.limit, resetAt: null }) };
}

/** GitHub counts only the last minute, so a debt never exceeds one minute. */
function withinMinute(at: number, now: number, { minuteMs }: BudgetSettings): number {
  return Math.min(Math.max(at, now), now + minuteMs);
}

/** By how much the running calls exceed their estimates, in total. */
function overdueMs({ leases, meanMs }: BudgetState, now: number): number {
  const taken = leases.map(({ startedAt }) =>
    startedAt === undefined ? 0 : Math.min(LONGEST_CALL_MS, now - startedAt),
  );
  return taken.reduce((sum, ms) => sum + Math.max(0, ms - meanMs), 0);
}

/** The share of the minute's points that a call uses, in milliseconds of the minute. */
export function pointsTime({ points, resource }: Pick<Ask, "points" | "resource">, settings: BudgetSettings): number {
  return (points * settings.minuteMs) / (settings.pointsPerMinute[resource] * PACE);
}

/** The share of the minute's server time that a call uses, in milliseconds of the minute. */
export function serverTime(elapsedMs: number, settings: BudgetSettings): number {
  const allowed = (settings.secondsPerMinute / 60) * SECONDS_PACE;
  return elapsedMs / allowed;
}
