import { Redis } from "ioredis";
import { NetworkError } from "../errors.js";
import { within } from "./within.js";

const ANSWER_WITHIN_MS = 5_000;

/** The problem of a Redis for queues, with its remedy; null: no problem found. */
export type RedisProblem = { readonly problem: string; readonly remedy: string } | null;

/**
 * Redis must answer and must not evict keys: with any other policy than `noeviction` it deletes queues when its memory
 * is full. Reads INFO, because hosted Redis often forbids CONFIG.
 */
export async function checkRedis(url: string): Promise<RedisProblem> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  // After a failed connection ioredis rejects with "Connection is closed"; the preceding event has the cause.
  let cause: unknown;
  redis.on("error", (error) => (cause ??= error));
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
    return { problem: `Cannot use Redis at ${addressOf(url)}: ${explain(cause ?? error)}.`, remedy: REMEDY };
  } finally {
    redis.disconnect();
  }
}

const REMEDY = "Start Redis, correct REDIS_URL, or unset it to keep the queues in PostgreSQL.";

/** By system error code, or by the error code at the start of Redis's own error answers. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was closed",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up now",
  ETIMEDOUT: "the connection timed out",
  NOAUTH: "it requires a password",
  WRONGPASS: "it refuses the user name or password",
  NOPERM: "the user may not run INFO",
  LOADING: "it is still loading its data",
};

function explain(error: unknown): string {
  if (!(error instanceof Error) || error instanceof NetworkError) return "it does not answer";
  const code = "code" in error && typeof error.code === "string" ? error.code : /^[A-Z]+(?= )/.exec(error.message)?.[0];
  return EXPLANATIONS[code ?? ""] ?? "it does not answer as Redis does";
}

/** Without user and password. */
function addressOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the address in REDIS_URL";
}
