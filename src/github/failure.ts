import { cut } from "../text/cut.js";
import { redact } from "../log.js";
import { z } from "zod";
import { answerOf, isTooLarge, kindOfAnswer, kindOfTypes, retryTimeOf, type Answer } from "../errors/answer.js";
import {
  AppError,
  AuthenticationError,
  EmptyRepositoryError,
  ForbiddenError,
  GoneError,
  InvalidError,
  kindOf,
  messageOf,
  NetworkError,
  RateLimitError,
  ResourceLimitError,
  type ErrorKind,
} from "../errors.js";
import { isTokenFailure } from "./token-route.js";

/** The facts about a failed call. */
export interface FailedCall {
  /** Method and template, never the expanded URL: `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly now: Date;
  /** Milliseconds to wait if GitHub does not name a time. */
  unsaidPauseMs(): number;
}

/**
 * The one place that turns a failure of Octokit into an error of this app: by status, headers and GraphQL error types,
 * never by message text. Other errors are returned unchanged.
 */
export function failureOf(error: unknown, call: FailedCall): unknown {
  if (error instanceof AppError) return error;
  // An error of this app, thrown while the request was made; Octokit wraps it in a failure with status 500.
  if (error instanceof Error && error.cause instanceof AppError) return error.cause;
  const answer = answerOf(error) ?? throttledGraphql(error);
  const token = answer && isTokenFailure(error) ? failureOfToken(answer, error) : null;
  if (token) return token;
  if (answer && answer.types.length > 0) return failureOfGraphql(answer, call, error);
  const kind = answer ? kindOfAnswer(answer) : kindOf(error);
  if (!answer && kind === "unknown") return error;
  const message = `${said(answer, error)} ${call.route}${detailOf(error)}`;
  if (answer?.status === 409 && call.route.startsWith("GET "))
    return new EmptyRepositoryError(message, { cause: error });
  return errorOf(kind, message, call, answer, error);
}

function failureOfGraphql(answer: Answer, call: FailedCall, cause: unknown): AppError {
  const message = `GitHub answered ${answer.types.map((type) => type || "an error").join(", ")} to ${call.route}${detailOf(cause)}`;
  const kind = kindOfTypes(answer.types);
  if (kind === "network" && isTooLarge(answer.types)) return new ResourceLimitError(message, { cause });
  return errorOf(kind, message, call, answer, cause);
}

/** A refused token is specific: the App was uninstalled or suspended. */
function failureOfToken(answer: Answer, cause: unknown): AppError | null {
  if (kindOfAnswer(answer) === "rate-limit") return null;
  if (answer.status === 404) return new GoneError("The App was uninstalled", { cause });
  if (answer.status === 403) return new GoneError("The installation is suspended", { cause });
  if (answer.status === 422) return new AuthenticationError(`GitHub refused a token${detailOf(cause)}`, { cause });
  return null;
}

function errorOf(kind: ErrorKind, message: string, call: FailedCall, answer: Answer | null, cause: unknown): AppError {
  switch (kind) {
    case "rate-limit": {
      const reset = answer && retryTimeOf(answer, call.now);
      return new RateLimitError(message, reset ?? new Date(call.now.getTime() + call.unsaidPauseMs()), { cause });
    }
    case "authentication":
      return new AuthenticationError(message, { cause });
    case "forbidden":
      return new ForbiddenError(message, { cause });
    case "network":
      return new NetworkError(message, { cause });
    case "gone":
      return new GoneError(message, { cause });
    case "invalid":
      return new InvalidError(message, { cause });
    case "unknown":
      // An unknown status (409 to a write, 423, …): repeating the request will not help.
      return answer ? new InvalidError(message, { cause }) : new AppError("unknown", message, { cause });
  }
}

const Throttled = z.object({
  response: z.object({
    headers: z.record(z.string(), z.unknown()),
    data: z.object({ errors: z.array(z.object({ type: z.string().catch("") })).nonempty() }),
  }),
});

/** For GraphQL's RATE_LIMITED the throttling plugin throws a plain error. */
function throttledGraphql(error: unknown): Answer | null {
  const response = Throttled.safeParse(error).data?.response;
  return response
    ? { status: 200, types: response.data.errors.map(({ type }) => type), headers: response.headers }
    : null;
}

const HasResponse = z.object({ response: z.object({ status: z.number() }) });

function said(answer: Answer | null, error: unknown): string {
  return answer && HasResponse.safeParse(error).success
    ? `GitHub answered ${answer.status} to`
    : "GitHub did not answer";
}

const LONGEST_DETAIL = 300;

/** GitHub's message on one line, for people; the code does not depend on it. */
function detailOf(error: unknown): string {
  const text = redact(messageOf(error))
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return text === "" ? "" : `: ${cut(text, LONGEST_DETAIL)}`;
}
