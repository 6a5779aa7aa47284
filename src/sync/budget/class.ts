/** The classes of calls, the most urgent first. */
export const CALL_CLASSES = ["live", "agents", "incremental", "full"] as const;
export type CallClass = (typeof CALL_CLASSES)[number];

/** The share of the limits that a class leaves to more urgent classes. */
export interface ClassShare {
  /** The share of the configured reserve of the hourly limit that this class leaves unused. */
  readonly reserve: number;
  /** The share of the limit per minute that may be used at once, ahead of the rate. */
  readonly burst: number;
  /** The most concurrent calls, including those of other classes. */
  readonly concurrency: number;
}

export const CLASS_SHARES: Readonly<Record<CallClass, ClassShare>> = {
  live: { reserve: 0, burst: 1, concurrency: 40 },
  agents: { reserve: 0.2, burst: 0.8, concurrency: 20 },
  incremental: { reserve: 0.4, burst: 0.6, concurrency: 8 },
  full: { reserve: 1, burst: 0.4, concurrency: 4 },
};

export interface BudgetSettings {
  /** The share of the hourly limit that a full sync never uses: `QUOTA_RESERVE`. */
  readonly reserve: number;
  /** The length of GitHub's minute: 60,000 ms, less in a simulated GitHub with a short hour. */
  readonly minuteMs: number;
  /** After this time (ms) an unsettled call counts as lost, because its process died. Longer than any call takes. */
  readonly leaseMs: number;
  /** GitHub's limits per minute. Source: GitHub's 'Rate limits', 'About secondary rate limits'. */
  readonly pointsPerMinute: { readonly graphql: number; readonly core: number };
  /** Seconds of server time a minute, for GraphQL. */
  readonly secondsPerMinute: number;
}

export const BUDGET_DEFAULTS: BudgetSettings = {
  reserve: 0.25,
  minuteMs: 60_000,
  leaseMs: 30_000,
  pointsPerMinute: { graphql: 2_000, core: 900 },
  secondsPerMinute: 60,
};
