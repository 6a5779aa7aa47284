/** The limits of one caller, in GitHub's units. Source: GITHUB.md, "API limits". */
export interface LimitSettings {
  /** Requests an hour to REST. */
  readonly restPerHour: number;
  /** Points an hour for GraphQL. */
  readonly graphqlPerHour: number;
  /** Requests under way at once, REST and GraphQL together. */
  readonly concurrent: number;
  readonly restPointsPerMinute: number;
  readonly graphqlPointsPerMinute: number;
  /** Seconds of server time for GraphQL in 60 s. */
  readonly graphqlSecondsPerMinute: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}

export const LIMITS: LimitSettings = {
  restPerHour: 5000,
  graphqlPerHour: 5000,
  concurrent: 100,
  restPointsPerMinute: 900,
  graphqlPointsPerMinute: 2000,
  graphqlSecondsPerMinute: 60,
  contentPerMinute: 80,
  contentPerHour: 500,
};

export type Plan = "free" | "enterprise-cloud";

/** 5,000 an hour, 50 more for each repository and each user above 20, at most 12,500; Enterprise Cloud 15,000 and 10,000 points. */
export function hourly(
  plan: Plan,
  repositories: number,
  users: number,
): { readonly rest: number; readonly graphql: number } {
  if (plan === "enterprise-cloud") return { rest: 15_000, graphql: 10_000 };
  const more = 50 * (Math.max(0, repositories - 20) + Math.max(0, users - 20));
  const both = Math.min(12_500, LIMITS.restPerHour + more);
  return { rest: both, graphql: both };
}
