import {
  AuthenticationError,
  CircuitOpenError,
  kindOf,
  type PausedError,
  RefusedError,
  ResourceLimitError,
} from "../errors.js";
import { answerOf } from "../errors/answer.js";

/** A circuit changed: what the log and people are told. `until` is null when it is closed again. */
export type CircuitObserver = (change: { readonly name: string; readonly until: Date | null }) => void;

/** When a circuit opens and for how long. */
export interface CircuitRules {
  /** So many bad ends in a row open it. */
  readonly failures: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** What the end of a call says: a bad sign, a good one, or nothing. */
  judge(thrown: unknown, failure: unknown): "bad" | "good" | "nothing";
  /** What is thrown while it is open. */
  error(name: string, until: Date): PausedError;
}

/**
 * A host that does not answer an installation. Only the transport counts: no answer, an HTML page of a proxy, a 5xx. An
 * error inside an answer is an answer. 502 and 504 are also GitHub's answers to a query that is too expensive.
 */
const SILENCE: CircuitRules = {
  failures: 8,
  firstPauseMs: 15_000,
  longestPauseMs: 5 * 60_000,
  judge(thrown, failure) {
    if (kindOf(failure) !== "network" || failure instanceof ResourceLimitError) return "good";
    const status = answerOf(thrown)?.status ?? 0;
    return status === 502 || status === 504 || (status > 0 && status < 500) ? "good" : "bad";
  },
  error: (name, until) => new CircuitOpenError(`${name} does not respond`, until),
};

/**
 * An installation whose credentials GitHub refuses with 401. A permission that is missing (403) concerns one call and not
 * the next; what gets no answer says nothing.
 */
export const REFUSAL: CircuitRules = {
  failures: 1,
  firstPauseMs: 60_000,
  longestPauseMs: 5 * 60_000,
  judge(_thrown, failure) {
    if (kindOf(failure) === "network") return "nothing";
    return failure instanceof AuthenticationError && answerOf(failure.cause)?.status === 401 ? "bad" : "good";
  },
  error: (installation, until) =>
    new RefusedError(`GitHub refused the credentials of installation ${installation} a moment ago`, until),
};

interface State {
  /** Bad ends in a row. */
  failures: number;
  /** Until when nobody calls (milliseconds since 1970); 0 while the circuit is closed. */
  until: number;
  /** Openings in a row. */
  openings: number;
}

/**
 * A circuit for each installation and host: what one organisation's calls meet stops no other's. While it is open, calls fail at once with the time of the next try,
 * so that work waits for it without using up its attempts. When that time comes one call is let through; its end decides.
 */
export class Circuits {
  readonly #states = new Map<string, State>();

  constructor(
    readonly now: () => number,
    readonly onChange: CircuitObserver = () => undefined,
    readonly rules: CircuitRules = SILENCE,
  ) {}

  /** @throws PausedError while the circuit is open; else what `failureOf` makes of the call's failure. */
  async run<T>(name: string, call: () => Promise<T>, failureOf: (error: unknown) => unknown): Promise<T> {
    const { state, isTry } = this.#enter(name);
    try {
      const result = await call();
      this.#good(name, state);
      return result;
    } catch (thrown) {
      const failure = failureOf(thrown);
      const sign = this.rules.judge(thrown, failure);
      if (sign === "bad") this.#bad(name, state, isTry);
      if (sign === "good") this.#good(name, state);
      throw failure;
    }
  }

  #enter(name: string): { readonly state: State; readonly isTry: boolean } {
    const state = this.#states.get(name) ?? { failures: 0, until: 0, openings: 0 };
    this.#states.set(name, state);
    const now = this.now();
    if (state.until > now) throw this.rules.error(name, new Date(state.until));
    const isTry = state.until > 0;
    // The others go on waiting while this call is the try.
    if (isTry) state.until = now + this.rules.firstPauseMs;
    return { state, isTry };
  }

  #good(name: string, state: State): void {
    if (state.until > 0) this.onChange({ name, until: null });
    Object.assign(state, { failures: 0, until: 0, openings: 0 });
  }

  #bad(name: string, state: State, isTry: boolean): void {
    // Calls that were under way when it opened say nothing new.
    if (!isTry && state.until > this.now()) return;
    state.failures += 1;
    if (state.failures < this.rules.failures) return;
    const pause = Math.min(this.rules.longestPauseMs, this.rules.firstPauseMs * 2 ** state.openings);
    state.openings += 1;
    state.until = this.now() + pause;
    this.onChange({ name, until: new Date(state.until) });
  }
}
