import type { Instruments } from "./instruments.js";

/** An exchange with GitHub, as `github/octokit/observe.ts` reports it. */
export interface CallSeen {
  readonly installationId: bigint | null;
  readonly route: string;
  readonly status: number | null;
  readonly rateLimit: {
    readonly limit: number;
    readonly remaining: number;
    readonly resetAt: Date;
    readonly resource: string;
  } | null;
  readonly durationMs: number;
}

interface Quota {
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

/** GitHub's names of its rate limits; any other is `other`. */
const RESOURCES: ReadonlySet<string> = new Set(["core", "graphql", "search", "code_search", "integration_manifest"]);

/**
 * The rest of each rate limit, by installation. Only the smallest is shown, so that the number of labels is bounded.
 */
export class QuotaGauge {
  readonly #seen = new Map<string, Quota>();

  constructor(readonly now: () => number) {}

  see({ installationId, rateLimit }: CallSeen): void {
    if (!rateLimit) return;
    const { limit, remaining, resetAt } = rateLimit;
    const resource = RESOURCES.has(rateLimit.resource) ? rateLimit.resource : "other";
    this.#seen.set(`${installationId} ${resource}`, { resource, limit, remaining, resetAt: resetAt.getTime() });
  }

  show({ rateLimitRemaining, rateLimitRatio }: Instruments): void {
    rateLimitRemaining.reset();
    rateLimitRatio.reset();
    const least = new Map<string, { remaining: number; ratio: number }>();
    for (const [key, { resource, limit, remaining, resetAt }] of this.#seen) {
      // After the reset the remainder is unknown.
      if (resetAt <= this.now()) this.#seen.delete(key);
      else {
        const { remaining: fewest, ratio } = least.get(resource) ?? { remaining: Infinity, ratio: 1 };
        const share = limit > 0 ? remaining / limit : 1;
        least.set(resource, { remaining: Math.min(fewest, remaining), ratio: Math.min(ratio, share) });
      }
    }
    for (const [resource, { remaining, ratio }] of least) {
      rateLimitRemaining.set({ resource }, remaining);
      rateLimitRatio.set({ resource }, ratio);
    }
  }
}
