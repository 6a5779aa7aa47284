import { APICallError, NoObjectGeneratedError, NoOutputGeneratedError, RetryError } from "ai";
import type { Failure, Unanswered, Usage } from "./model.js";

/**
 * The meaning of a failed call, by status and never by the provider's message, which may repeat the key or the
 * question. Other errors are rethrown.
 */
export function unansweredBy(error: unknown, signal: AbortSignal): Unanswered {
  if (signal.aborted) return { kind: "unanswered", failure: "too-slow", usage: null };
  if (NoObjectGeneratedError.isInstance(error)) {
    const failure = error.finishReason === "content-filter" ? "refused" : "malformed";
    return { kind: "unanswered", failure, usage: usageOf(error.usage) };
  }
  if (NoOutputGeneratedError.isInstance(error)) return { kind: "unanswered", failure: "malformed", usage: null };
  const last = RetryError.isInstance(error) ? error.lastError : error;
  if (!APICallError.isInstance(last)) throw error;
  return { kind: "unanswered", failure: failureOf(last.statusCode), usage: null };
}

/** Missing usage is unknown, and not free. */
export function usageOf(usage: Partial<Record<keyof Usage, number | undefined>> | undefined): Usage | null {
  const { inputTokens, outputTokens } = usage ?? {};
  return inputTokens === undefined || outputTokens === undefined ? null : { inputTokens, outputTokens };
}

/** A 2xx answer whose body does not match the API counts as malformed. */
function failureOf(status: number | undefined): Failure {
  if (status === undefined || status >= 500 || status === 408) return "unavailable";
  if (status === 429) return "rate-limited";
  return status >= 400 ? "rejected" : "malformed";
}
