import { z } from "zod";
import type { ErrorKind } from "./kind.js";
import { retryAfterOf } from "./retry-after.js";

const Headers = z.record(z.string(), z.unknown()).catch({});

/** An error that carries GitHub's answer: Octokit's RequestError, and whatever is shaped like it. */
const HttpAnswer = z
  .object({
    status: z.int().min(400).max(599),
    response: z.object({ headers: Headers }).catch({ headers: {} }).default({ headers: {} }),
  })
  .transform(({ status, response }) => ({ status, types: [], headers: response.headers }));

/** GraphQL answers 200 and says in `errors` what went wrong. */
const GraphqlAnswer = z
  .object({
    name: z.literal("GraphqlResponseError"),
    headers: Headers.default({}),
    errors: z.array(z.object({ type: z.string().catch("") }).transform(({ type }) => type)),
  })
  .transform(({ headers, errors }) => ({ status: 200, types: errors, headers }));

/** GitHub's answer inside an error: status, GraphQL error types, headers in lower case. */
export type Answer = {
  readonly status: number;
  readonly types: readonly string[];
  readonly headers: z.infer<typeof Headers>;
};

export function answerOf(error: unknown): Answer | null {
  return HttpAnswer.or(GraphqlAnswer).safeParse(error).data ?? null;
}

/** Which kind of failure an answer is. Source: GitHub's REST and GraphQL references, 'rate limits' and 'troubleshooting'. */
export function kindOfAnswer(answer: Answer): ErrorKind {
  if (isLimited(answer)) return "rate-limit";
  if (answer.status >= 500 || answer.status === 408) return "network";
  switch (answer.status) {
    case 401:
    case 403:
      return "authentication";
    case 404:
    case 410:
    case 451:
      return "gone";
    case 400:
    case 413:
    case 422:
      return "invalid";
    default:
      return kindOfTypes(answer.types);
  }
}

/**
 * When GitHub says that it may be asked again: `Retry-After`, else `x-ratelimit-reset` of a quota that is used up, else
 * null: a secondary limit ends long before the hour does. Source: GitHub's REST reference, 'Exceeding the rate limit'.
 */
export function retryTimeOf({ headers, types }: Answer, now: Date): Date | null {
  const after = retryAfterOf(headers["retry-after"], now);
  if (after) return after;
  const usedUp = String(headers["x-ratelimit-remaining"]) === "0" || types.includes("RATE_LIMITED");
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  return usedUp && Number.isFinite(reset) ? new Date(reset * 1000) : null;
}

function isLimited({ status, types, headers }: Answer): boolean {
  if (status === 429 || types.includes("RATE_LIMITED")) return true;
  return status === 403 && (headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0");
}

function kindOfTypes(types: readonly string[]): ErrorKind {
  if (types.includes("FORBIDDEN") || types.includes("INSUFFICIENT_SCOPES")) return "authentication";
  return types.length > 0 && types.every((type) => type === "NOT_FOUND") ? "gone" : "unknown";
}
