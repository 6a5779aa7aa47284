import type { BudgetState, Resource } from "../../store/sync/budget-row.js";
import { type BudgetSettings, type CallClass, CLASS_SHARES } from "./class.js";

/** A call that somebody wants to make. */
export interface Ask {
  readonly resource: Resource;
  readonly class: CallClass;
  /** What it will cost: points for GraphQL, 1 for REST. */
  readonly points: number;
  /** Names the call until it is settled. */
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type Verdict =
  /** From `startAt` on: a turn in the queue, so that nobody is overtaken again and again. */
  | { readonly kind: "granted"; readonly startAt: number; readonly state: BudgetState }
  /** `quota`: the hour's quota is used as far as this class may, or GitHub said to wait. `pace`: too fast, or too many. */
  | { readonly kind: "wait"; readonly why: "quota" | "pace"; readonly until: number; readonly state: BudgetState };

/** Below what GitHub allows a minute, so that its own counting never refuses a call. */
const PACE = 0.8;
/** Server time is known only afterwards, and one slow answer takes a good part of it. */
const SECONDS_PACE = 0.65;
/** How far ahead of its rate the whole minute may get: with the pace, still below the limit. */
const AHEAD = 0.15;
const POLL_MS = 25;
/** GitHub ends a query that takes longer: what is known of one after that is that its process died. */
const LONGEST_CALL_MS = 10_000;
/** A turn that is further away is not given yet: whoever is more urgent would have to wait behind it. */
const LONGEST_TURN_MS = 500;

/** Whether the call may be made now, and else when to ask again. Pure: the one place where quotas are weighed. */
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
  // What is under way already takes longer than was thought, when GitHub slows down: known before any of it is answered.
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

/** What GitHub said of a quota with an answer. */
export interface SeenQuota {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since 1970. */
  readonly resetAt: number;
}

/** How a call ended. */
export interface Settlement {
  readonly token: string;
  readonly now: number;
  /** What it cost; null when it is not known to have cost anything. */
  readonly points: number | null;
  readonly elapsedMs: number;
  readonly seen: SeenQuota | null;
  /** GitHub refused it, and takes calls again at this time. */
  readonly blockedUntil: number | null;
}

/** Takes the call off the list, corrects what was estimated by what is known. */
export function settle(before: BudgetState, call: Settlement, settings: BudgetSettings): BudgetState {
  const state = refreshed(before, call.now);
  const lease = state.leases.find((each) => each.token === call.token);
  const spent =
    call.seen === null && state.remaining !== null
      ? state.remaining - (call.points ?? lease?.points ?? 0)
      : state.remaining;
  // The clock on the wall also counts what the process slept through: GitHub never worked that long.
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

/** Two answers of one window may come in any order: the smaller remainder is the later one. */
const SAME_WINDOW_MS = 2_000;

function merged(state: BudgetState, seen: SeenQuota | null): BudgetState {
  if (seen === null) return state;
  if (state.resetAt !== null && seen.resetAt < state.resetAt - SAME_WINDOW_MS) return state;
  const same = state.resetAt !== null && seen.resetAt <= state.resetAt + SAME_WINDOW_MS;
  const remaining = same && state.remaining !== null ? Math.min(state.remaining, seen.remaining) : seen.remaining;
  return { ...state, limit: seen.limit, remaining, resetAt: seen.resetAt };
}

/** Without calls that were lost, and with a full quota once its reset is past. */
function refreshed(state: BudgetState, now: number): BudgetState {
  const leases = state.leases.filter((lease) => lease.until > now);
  const reset = state.resetAt !== null && state.resetAt <= now;
  return { ...state, leases, ...(reset && { remaining: state.limit, resetAt: null }) };
}

/** GitHub forgets what is older than a minute: a debt is never longer. */
function withinMinute(at: number, now: number, { minuteMs }: BudgetSettings): number {
  return Math.min(Math.max(at, now), now + minuteMs);
}

/** By how much the calls under way have passed what a call was thought to take, all together. */
function overdueMs({ leases, meanMs }: BudgetState, now: number): number {
  const taken = leases.map(({ startedAt }) =>
    startedAt === undefined ? 0 : Math.min(LONGEST_CALL_MS, now - startedAt),
  );
  return taken.reduce((sum, ms) => sum + Math.max(0, ms - meanMs), 0);
}

/** How much of the minute's points a call uses up, in milliseconds of the minute. */
export function pointsTime({ points, resource }: Pick<Ask, "points" | "resource">, settings: BudgetSettings): number {
  return (points * settings.minuteMs) / (settings.pointsPerMinute[resource] * PACE);
}

/** How much of the minute's server time a call uses up, in milliseconds of the minute. */
export function serverTime(elapsedMs: number, settings: BudgetSettings): number {
  const allowed = (settings.secondsPerMinute / 60) * SECONDS_PACE;
  return elapsedMs / allowed;
}
