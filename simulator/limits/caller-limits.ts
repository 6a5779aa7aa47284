import type { LimitSettings } from "./settings.js";
import { FixedWindow, SlidingWindow } from "./window.js";

/** Why a call was refused. */
export type LimitName =
  | "primary-rest"
  | "primary-graphql"
  | "concurrent"
  | "rest-points-per-minute"
  | "graphql-points-per-minute"
  | "graphql-seconds-per-minute"
  | "content-per-minute"
  | "content-per-hour";

export interface Refusal {
  readonly limit: LimitName;
  /** Milliseconds until a call can pass. */
  readonly waitMs: number;
}

export interface Ask {
  readonly resource: "rest" | "graphql";
  /** Against the hourly quota: 1 for REST, the query's points for GraphQL. */
  readonly cost: number;
  /** Against the limit a minute: 1 for a read, 5 for a write. */
  readonly minutePoints: number;
  /** Whether it creates content that people see. */
  readonly content: boolean;
}

/** What has been asked and refused so far. */
export interface Usage {
  requests: { rest: number; graphql: number };
  /** Answers 304, which cost nothing. */
  notModified: number;
  points: number;
  graphqlSeconds: number;
  content: number;
  maxConcurrent: number;
  refused: { [name in LimitName]?: number };
}

/** Every limit of one caller. Times are milliseconds; `hourMs` is the real length of a quota hour. */
export class CallerLimits {
  readonly rest: FixedWindow;
  readonly graphql: FixedWindow;
  readonly usage: Usage = {
    requests: { rest: 0, graphql: 0 },
    notModified: 0,
    points: 0,
    graphqlSeconds: 0,
    content: 0,
    maxConcurrent: 0,
    refused: {},
  };
  readonly #minute: { readonly rest: SlidingWindow; readonly graphql: SlidingWindow; readonly seconds: SlidingWindow };
  readonly #content: { readonly minute: SlidingWindow; readonly hour: SlidingWindow };
  readonly #settings: LimitSettings;
  #underWay = 0;

  constructor(settings: LimitSettings, hourMs: number) {
    const minuteMs = hourMs / 60;
    this.#settings = settings;
    this.rest = new FixedWindow(hourMs, settings.restPerHour);
    this.graphql = new FixedWindow(hourMs, settings.graphqlPerHour);
    this.#minute = {
      rest: new SlidingWindow(minuteMs, settings.restPointsPerMinute),
      graphql: new SlidingWindow(minuteMs, settings.graphqlPointsPerMinute),
      // Server time is real time, and the window is a real one: its share of a minute stays the same.
      seconds: new SlidingWindow(minuteMs, (settings.graphqlSecondsPerMinute / 60) * minuteMs),
    };
    this.#content = {
      minute: new SlidingWindow(minuteMs, settings.contentPerMinute),
      hour: new SlidingWindow(hourMs, settings.contentPerHour),
    };
  }

  /** Lets a call in, or says what refuses it. A call that was let in must end with `leave`. */
  enter(now: number, ask: Ask): Refusal | null {
    this.usage.requests[ask.resource] += 1;
    const refusal = this.#refusal(now, ask);
    if (refusal !== null) {
      this.usage.refused[refusal.limit] = (this.usage.refused[refusal.limit] ?? 0) + 1;
      return refusal;
    }
    this.#underWay += 1;
    this.usage.maxConcurrent = Math.max(this.usage.maxConcurrent, this.#underWay);
    this.#minute[ask.resource].add(now, ask.minutePoints);
    if (ask.content) {
      this.usage.content += 1;
      this.#content.minute.add(now, 1);
      this.#content.hour.add(now, 1);
    }
    return null;
  }

  /** Ends a call: charges its cost, unless the answer was 304, and the milliseconds the server worked. */
  leave(
    now: number,
    ask: Ask,
    outcome: { readonly notModified: boolean; readonly serverMs: number; readonly cost?: number },
  ): void {
    this.#underWay -= 1;
    if (outcome.notModified) this.usage.notModified += 1;
    else this[ask.resource].spend(now, outcome.cost ?? ask.cost);
    if (ask.resource !== "graphql") return;
    this.usage.points += outcome.cost ?? ask.cost;
    this.usage.graphqlSeconds += outcome.serverMs / 1000;
    this.#minute.seconds.add(now, outcome.serverMs);
  }

  #refusal(now: number, ask: Ask): Refusal | null {
    const primary = this[ask.resource].state(now);
    if (primary.remaining < ask.cost) return { limit: `primary-${ask.resource}`, waitMs: primary.resetAt - now };
    if (this.#underWay >= this.#settings.concurrent) return { limit: "concurrent", waitMs: this.#minute.rest.lengthMs };
    const checks: readonly (readonly [LimitName, number])[] = [
      [`${ask.resource}-points-per-minute`, this.#minute[ask.resource].waitFor(now, ask.minutePoints)],
      ["graphql-seconds-per-minute", ask.resource === "graphql" ? this.#minute.seconds.waitFor(now, 0) : 0],
      ["content-per-minute", ask.content ? this.#content.minute.waitFor(now, 1) : 0],
      ["content-per-hour", ask.content ? this.#content.hour.waitFor(now, 1) : 0],
    ];
    const hit = checks.find(([, waitMs]) => waitMs > 0);
    return hit === undefined ? null : { limit: hit[0], waitMs: hit[1] };
  }
}
