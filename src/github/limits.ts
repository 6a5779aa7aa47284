/** The rate limit in a response of GitHub. Absent on GitHub Enterprise Server without limits. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  readonly resetAt: Date;
  /** `core`, `graphql`, `search`, … */
  readonly resource: string;
}

type Headers = Readonly<Record<string, unknown>>;

export function rateLimitOf(headers: Headers): RateLimitState | null {
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    Number(headers[`x-ratelimit-${name}`] ?? Number.NaN),
  );
  if (limit === undefined || remaining === undefined || reset === undefined) return null;
  if (![limit, remaining, reset].every(Number.isFinite)) return null;
  const used = Number(headers["x-ratelimit-used"] ?? limit - remaining);
  return {
    limit,
    remaining,
    used,
    resetAt: new Date(reset * 1000),
    resource: resourceOf(headers["x-ratelimit-resource"]),
  };
}

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/**
 * The pause if GitHub does not name a time: one minute, doubled with each consecutive refusal of an installation, at
 * most one hour.
 */
export class DefaultPauses {
  readonly #refusals = new Map<string, number>();

  next(scope: string): number {
    const before = this.#refusals.get(scope) ?? 0;
    this.#refusals.set(scope, before + 1);
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** before);
  }

  succeeded(scope: string): void {
    this.#refusals.delete(scope);
  }
}

function resourceOf(header: unknown): string {
  return typeof header === "string" ? header : "core";
}
