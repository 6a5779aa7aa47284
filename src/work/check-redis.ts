import { Redis } from "ioredis";
import { messageOf } from "../errors.js";
import { redact } from "../log.js";
import { within } from "./within.js";

const ANSWER_WITHIN_MS = 5_000;

/** What is wrong with a Redis for queues, and how to mend it; null when nothing is. */
export type RedisProblem = { readonly problem: string; readonly remedy: string } | null;

/**
 * Redis must answer and must never evict: under any other policy than `noeviction` it forgets queues when its memory is
 * full. Reads INFO, which hosted Redis allows where CONFIG is forbidden.
 */
export async function checkRedis(url: string): Promise<RedisProblem> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    const info = await within(
      ANSWER_WITHIN_MS,
      redis.connect().then(() => redis.info("memory")),
      "Redis",
    );
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "noeviction";
    if (policy === "noeviction") return null;
    return {
      problem: `Redis evicts keys when its memory is full (maxmemory-policy ${policy})`,
      remedy: "Run `redis-cli CONFIG SET maxmemory-policy noeviction`, and set it in redis.conf.",
    };
  } catch (error) {
    return {
      problem: `Redis does not answer: ${redact(messageOf(error))}`,
      remedy: "Check REDIS_URL, or unset it to keep the queues in PostgreSQL.",
    };
  } finally {
    redis.disconnect();
  }
}
