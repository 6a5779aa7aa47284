import { z } from "zod";
import type { ErrorKind } from "./kind.js";
import { retryAfterOf } from "./retry-after.js";

const Headers = z.record(z.string(), z.unknown()).catch({});

/** An error with GitHub's answer: Octokit's RequestError, or an object of the same shape. */
const HttpAnswer = z
  .object({
    status: z.int().min(400).max(599),
    response: z
      .object({ headers: Headers, data: z.object({ documentation_url: z.string() }).nullish().catch(null) })
      .catch({ headers: {}, data: null }),
  })
  .transform(({ status, response: { headers, data } }) => {
    return { status, types: [], headers, documentationUrl: data?.documentation_url ?? null };
  });

/** GraphQL answers 200 and reports errors in `errors`. */
const GraphqlAnswer = z
  .object({
    name: z.literal("GraphqlResponseError"),
    headers: Headers.default({}),
    errors: z.array(z.object({ type: z.string().catch("") }).transform(({ type }) => type)),
  })
  .transform(({ headers, errors }) => ({ status: 200, types: errors, headers, documentationUrl: null }));

/**
 * GitHub's answer inside an error: status, GraphQL error types, headers in lower case, and the address of its
 * documentation.
 */
export type Answer = {
  readonly status: number;
  readonly types: readonly string[];
  readonly headers: z.infer<typeof Headers>;
  readonly documentationUrl?: string | null;
};

export function answerOf(error: unknown): Answer | null {
  return HttpAnswer.or(GraphqlAnswer).safeParse(error).data ?? null;
}

/**
 * The kind of failure that an answer means. Source: GitHub's REST and GraphQL references, 'rate limits' and
 * 'troubleshooting'.
 */
export function kindOfAnswer(answer: Answer): ErrorKind {
  if (isLimited(answer)) return "rate-limit";
  if (answer.status >= 500 || answer.status === 408) return "network";
  switch (answer.status) {
    case 401:
      return "authentication";
    case 403:
      return "forbidden";
    case 404:
    case 410:
    case 451:
      return "gone";
    case 400:
    case 413:
    case 422:
      return "invalid";
    default:
      return answer.types.length === 0 ? "unknown" : kindOfTypes(answer.types);
  }
}

/**
 * When GitHub accepts requests again: `Retry-After`, else `x-ratelimit-reset` of a used-up limit, else null, because a
 * secondary limit ends long before the hour. Source: GitHub's REST reference, 'Exceeding the rate limit'.
 */
export function retryTimeOf({ headers, types }: Answer, now: Date): Date | null {
  const after = retryAfterOf(headers["retry-after"], now);
  if (after) return after;
  const usedUp = String(headers["x-ratelimit-remaining"]) === "0" || types.includes("RATE_LIMITED");
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  return usedUp && Number.isFinite(reset) ? new Date(reset * 1000) : null;
}

/** A secondary limit may be a plain 403; only the address of its documentation distinguishes it from a refusal. */
function isLimited({ status, types, headers, documentationUrl }: Answer): boolean {
  if (status === 429) return true;
  if (types.length > 0) return kindOfTypes(types) === "rate-limit";
  if (status !== 403) return false;
  if (headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0") return true;
  return documentationUrl?.includes("rate-limits") ?? false;
}

/** The kind for several GraphQL error types. Retryable kinds come first; the next answer shows the rest. */
export function kindOfTypes(types: readonly string[]): ErrorKind {
  const some = (...named: readonly string[]): boolean => types.some((type) => named.includes(type));
  if (some("RATE_LIMITED", "RATE_LIMIT")) return "rate-limit";
  // An error without a type is an internal error of GitHub: 'Something went wrong'.
  if (some("", "SERVICE_UNAVAILABLE") || isTooLarge(types)) return "network";
  if (some("UNAUTHORIZED")) return "authentication";
  if (some("FORBIDDEN", "INSUFFICIENT_SCOPES")) return "forbidden";
  return types.every((type) => type === "NOT_FOUND") ? "gone" : "invalid";
}

/** Whether GitHub refused a query because of its size. A smaller query may succeed. */
export function isTooLarge(types: readonly string[]): boolean {
  return types.includes("RESOURCE_LIMITS_EXCEEDED") || types.includes("MAX_NODE_LIMIT_EXCEEDED");
}
