import type { ServerResponse } from "node:http";
import { callerName, type Caller } from "../auth/caller.js";
import type { CallerLimits, Refusal } from "../limits/caller-limits.js";
import { covers } from "../organisation/installation.js";
import type { Simulation } from "../simulation.js";
import { failure, type Answer } from "./answer.js";

/** The limits under which this caller's calls count. */
export function limitsOf(simulation: Simulation, caller: Caller): CallerLimits {
  return simulation.limits.of(callerName(caller), () => {
    if (caller.kind !== "installation") return { repositories: 0, users: 0 };
    const { organisation } = simulation;
    const { installation } = caller.token;
    const repositories = [...organisation.repositories.values()].filter((each) => covers(installation, each)).length;
    const users = [...organisation.accounts.values()].filter((each) => each.type === "User").length;
    return { repositories, users };
  });
}

/** What GitHub answers when a limit is hit. GraphQL says a primary limit in an answer 200 with errors. */
export function refusalAnswer(caller: Caller, refusal: Refusal, graphql: boolean): Answer {
  if (refusal.limit === "primary-graphql" && graphql) {
    const message = `API rate limit exceeded for ${callerName(caller)}.`;
    return { status: 200, body: { errors: [{ type: "RATE_LIMITED", message }] } };
  }
  if (refusal.limit === "primary-rest") return failure(403, `API rate limit exceeded for ${callerName(caller)}.`);
  const retryAfter = String(Math.max(1, Math.ceil(refusal.waitMs / 1000)));
  return { ...SECONDARY_LIMIT, headers: { "retry-after": retryAfter } };
}

/** As GitHub sometimes answers it: without a word in the headers. */
export const SECONDARY_LIMIT = failure(
  403,
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  {
    documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
  },
);

/** The `x-ratelimit-*` headers of the resource as it stands after the call. */
export function rateHeaders(
  limits: CallerLimits,
  resource: "rest" | "graphql",
  now: number,
): { [name: string]: string } {
  const { limit, remaining, used, resetAt } = limits[resource].state(now);
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(Math.ceil(resetAt / 1000)),
    "x-ratelimit-resource": resource === "rest" ? "core" : "graphql",
  };
}

/** Writes the headers that every answer has. */
export function commonHeaders(simulation: Simulation, response: ServerResponse): void {
  response.setHeader("x-github-request-id", Math.random().toString(16).slice(2, 14).toUpperCase());
  response.setHeader("x-github-media-type", "github.v3; format=json");
  response.setHeader("date", new Date(Date.now() + simulation.faults.current.clockSkewMs).toUTCString());
}
