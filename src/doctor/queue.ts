import type { Config } from "../config.js";
import { checkRedis } from "../work/check-redis.js";
import { type Finding, ok, problem } from "./check.js";

/** Redis answers and never evicts; without REDIS_URL the queues are in PostgreSQL, which has a check of its own. */
export async function checkQueue({ redisUrl }: Config): Promise<Finding> {
  if (!redisUrl) return ok("queue", "in PostgreSQL (REDIS_URL is not set)");
  const found = await checkRedis(redisUrl);
  return found ? problem("queue", found.problem, found.remedy) : ok("queue", "Redis answers and does not evict keys");
}
