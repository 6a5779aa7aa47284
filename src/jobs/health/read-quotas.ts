import { z } from "zod";
import type { Clock } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import type { Answered } from "../../health/answered.js";
import type { Quota } from "../../health/checks/quota.js";
import { ask } from "./ask.js";

const Resource = z.object({ limit: z.number(), remaining: z.number(), reset: z.number() });
const Limits = z.object({ resources: z.object({ core: Resource, graphql: Resource.optional() }) });

/**
 * The light call of an installation: it uses the installation's token, costs nothing, and returns the rate limits.
 * Enterprise Server answers 404 without limits. Source: GitHub's REST reference, 'Get rate limit status for the
 * authenticated user'.
 */
export async function readQuotas(
  client: Pick<GitHubClient, "rest">,
  clock: Clock,
): Promise<Answered<readonly Quota[]>> {
  const answer = await ask(clock, async () => {
    const { core, graphql } = Limits.parse((await client.rest("GET /rate_limit")).data).resources;
    return [toQuota("REST", core), ...(graphql ? [toQuota("GraphQL", graphql)] : [])];
  });
  return !answer.ok && answer.kind === "gone" ? { ok: true, value: [], seconds: answer.seconds } : answer;
}

function toQuota(name: Quota["name"], { limit, remaining, reset }: z.infer<typeof Resource>): Quota {
  return { name, limit, remaining, resetAt: new Date(reset * 1000) };
}
