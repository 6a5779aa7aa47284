import { CallerLimits, type Usage } from "./caller-limits.js";
import { hourly, LIMITS, type LimitSettings, type Plan } from "./settings.js";

export interface LimitsOptions {
  /** Real seconds in a quota hour; all other windows scale with it. Default 3600. */
  readonly hour?: number;
  readonly plan?: Plan;
  /** Overrides for tests. */
  readonly limits?: Partial<LimitSettings>;
  /** No rate-limit headers and no refusals, as an Enterprise Server may be set up. */
  readonly disabled?: boolean;
}

/** The limits of every caller: an installation, a user, the App. */
export class Limits {
  readonly disabled: boolean;
  readonly hourMs: number;
  readonly #options: LimitsOptions;
  readonly #callers = new Map<string, CallerLimits>();

  constructor(options: LimitsOptions) {
    this.#options = options;
    this.disabled = options.disabled ?? false;
    this.hourMs = (options.hour ?? 3600) * 1000;
  }

  /** The limits of a caller; made when it first calls, from the repositories and users that it covers then. */
  of(caller: string, size: () => { readonly repositories: number; readonly users: number }): CallerLimits {
    const known = this.#callers.get(caller);
    if (known !== undefined) return known;
    const { repositories, users } = size();
    const { rest, graphql } = hourly(this.#options.plan ?? "free", repositories, users);
    const settings = { ...LIMITS, restPerHour: rest, graphqlPerHour: graphql, ...this.#options.limits };
    const made = new CallerLimits(settings, this.hourMs);
    this.#callers.set(caller, made);
    return made;
  }

  /** What each caller used and was refused, with its quotas now. */
  counters(now: number): { [caller: string]: Usage & { readonly rest: object; readonly graphql: object } } {
    return Object.fromEntries(
      [...this.#callers].map(([caller, limits]) => [
        caller,
        { ...limits.usage, rest: limits.rest.state(now), graphql: limits.graphql.state(now) },
      ]),
    );
  }

  /** Sets what is left of a quota for every caller there is. */
  setRemaining(now: number, remaining: { readonly rest?: number; readonly graphql?: number }): void {
    for (const limits of this.#callers.values()) {
      if (remaining.rest !== undefined) limits.rest.setRemaining(now, remaining.rest);
      if (remaining.graphql !== undefined) limits.graphql.setRemaining(now, remaining.graphql);
    }
  }
}
