import { CircuitOpenError, kindOf, ResourceLimitError } from "../errors.js";
import { answerOf } from "../errors/answer.js";

/** So many calls in a row without an answer open a circuit. */
const FAILURES = 8;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** A host's circuit changed: what the log and people are told. `until` is null when the host answers again. */
export type CircuitObserver = (change: { readonly host: string; readonly until: Date | null }) => void;

interface State {
  /** Calls in a row that got no answer. */
  failures: number;
  /** Until when nobody calls (milliseconds since 1970); 0 while the circuit is closed. */
  until: number;
  /** Openings in a row. */
  openings: number;
}

/**
 * A circuit for each host. While a host gives no answers, calls fail at once with the time of the next try, so that work
 * waits for it without using up its attempts. When that time comes one call is let through; its end decides.
 */
export class Circuits {
  readonly #states = new Map<string, State>();

  constructor(
    readonly now: () => number,
    readonly onChange: CircuitObserver = () => undefined,
  ) {}

  /** @throws CircuitOpenError while the host is left alone; else what `failureOf` makes of the call's failure. */
  async run<T>(host: string, call: () => Promise<T>, failureOf: (error: unknown) => unknown): Promise<T> {
    const { state, isTry } = this.#enter(host);
    try {
      const result = await call();
      this.#answered(host, state);
      return result;
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (isSilence(thrown, failure)) this.#silent(host, state, isTry);
      else this.#answered(host, state);
      throw failure;
    }
  }

  #enter(host: string): { readonly state: State; readonly isTry: boolean } {
    const state = this.#states.get(host) ?? { failures: 0, until: 0, openings: 0 };
    this.#states.set(host, state);
    const now = this.now();
    if (state.until > now) throw new CircuitOpenError(`${host} does not answer`, new Date(state.until));
    const isTry = state.until > 0;
    // The others go on waiting while this call is the try.
    if (isTry) state.until = now + FIRST_PAUSE_MS;
    return { state, isTry };
  }

  #answered(host: string, state: State): void {
    if (state.until > 0) this.onChange({ host, until: null });
    Object.assign(state, { failures: 0, until: 0, openings: 0 });
  }

  #silent(host: string, state: State, isTry: boolean): void {
    // Calls that were under way when it opened say nothing new.
    if (!isTry && state.until > this.now()) return;
    state.failures += 1;
    if (state.failures < FAILURES) return;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** state.openings);
    state.openings += 1;
    state.until = this.now() + pause;
    this.onChange({ host, until: new Date(state.until) });
  }
}

/** 502 and 504 are also GitHub's answers to a query that is too expensive: they say nothing about the host. */
function isSilence(thrown: unknown, failure: unknown): boolean {
  if (kindOf(failure) !== "network" || failure instanceof ResourceLimitError) return false;
  const status = answerOf(thrown)?.status;
  return status !== 502 && status !== 504;
}
