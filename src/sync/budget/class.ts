/** Whose call it is, the most urgent first. */
export const CALL_CLASSES = ["live", "agents", "incremental", "full"] as const;
export type CallClass = (typeof CALL_CLASSES)[number];

/** What a class leaves to those before it. */
export interface ClassShare {
  /** Of the configured reserve of the hourly quota, the share that this class leaves untouched. */
  readonly reserve: number;
  /** Of what a minute allows, how much may be used at once, ahead of its rate. */
  readonly burst: number;
  /** Calls under way at most, those of the other classes included. */
  readonly concurrency: number;
}

export const CLASS_SHARES: Readonly<Record<CallClass, ClassShare>> = {
  live: { reserve: 0, burst: 1, concurrency: 40 },
  agents: { reserve: 0.2, burst: 0.8, concurrency: 20 },
  incremental: { reserve: 0.4, burst: 0.6, concurrency: 8 },
  full: { reserve: 1, burst: 0.4, concurrency: 4 },
};

export interface BudgetSettings {
  /** The share of the hourly quota that a full sync never takes: `QUOTA_RESERVE`. */
  readonly reserve: number;
  /** How long GitHub's minute is: 60,000 ms, less at a simulated GitHub with a short hour. */
  readonly minuteMs: number;
  /** After how many ms a call that was never settled is given up: its process died. Longer than a call may take. */
  readonly leaseMs: number;
  /** What GitHub allows a minute. Source: GitHub's 'Rate limits', 'About secondary rate limits'. */
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
