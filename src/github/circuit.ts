import {
  AuthenticationError,
  CircuitOpenError,
  kindOf,
  type PausedError,
  RefusedError,
  ResourceLimitError,
} from "../errors.js";
import { answerOf } from "../errors/answer.js";

/** A state change of a circuit, for the log. `until` is null when the circuit has closed. */
export type CircuitObserver = (change: { readonly name: string; readonly until: Date | null }) => void;

/** The rules for opening a circuit. */
export interface CircuitRules {
  /** This many consecutive failures open it. */
  readonly failures: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The meaning of a call's result: a failure, a success, or neither. */
  judge(thrown: unknown, failure: unknown): "bad" | "good" | "nothing";
  /** The error thrown while it is open. */
  error(name: string, until: Date): PausedError;
}

/**
 * A circuit for a host that does not respond to an installation. Only the transport counts: no answer, an HTML page of
 * a proxy, a 5xx status. An error inside an answer is an answer. 502 and 504 are also GitHub's answers to a query that
 * is too expensive.
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
 * A circuit for an installation whose credentials GitHub refuses with 401. A missing permission (403) concerns only one
 * call, and a missing answer proves nothing.
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
  /** Consecutive failures. */
  failures: number;
  /** No calls until then (milliseconds since 1970); 0 while the circuit is closed. */
  until: number;
  /** Consecutive openings. */
  openings: number;
}

/**
 * One circuit for each installation and host, so that one organisation's failures do not stop the others. While it is
 * open, calls fail at once with the time of the next try, so that jobs wait without using attempts. At that time one
 * call is let through, and its result decides.
 */
export class Circuits {
  readonly #states = new Map<string, State>();

  constructor(
    readonly now: () => number,
    readonly onChange: CircuitObserver = () => undefined,
    readonly rules: CircuitRules = SILENCE,
  ) {}

  /** @throws PausedError while the circuit is open; otherwise the error that `failureOf` makes of a failure. */
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
    // Other calls keep waiting while this call is the try.
    if (isTry) state.until = now + this.rules.firstPauseMs;
    return { state, isTry };
  }

  #good(name: string, state: State): void {
    if (state.until > 0) this.onChange({ name, until: null });
    Object.assign(state, { failures: 0, until: 0, openings: 0 });
  }

  #bad(name: string, state: State, isTry: boolean): void {
    // Calls that started before it opened do not count.
    if (!isTry && state.until > this.now()) return;
    state.failures += 1;
    if (state.failures < this.rules.failures) return;
    const pause = Math.min(this.rules.longestPauseMs, this.rules.firstPauseMs * 2 ** state.openings);
    state.openings += 1;
    state.until = this.now() + pause;
    this.onChange({ name, until: new Date(state.until) });
  }
}
