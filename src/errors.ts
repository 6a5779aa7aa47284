import { z } from "zod";
import { answerOf, kindOfAnswer, retryTimeOf } from "./errors/answer.js";
import { isConnectionError } from "./errors/connection.js";
import { ERROR_KINDS, type ErrorKind } from "./errors/kind.js";

export { ERROR_KINDS, type ErrorKind };

/** The base class of all errors that this app throws on purpose. Each error has a kind. */
export class AppError extends Error {
  override readonly name: string = "AppError";
  constructor(
    readonly kind: ErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A rate limit is used up. `resetAt` is the end of the limit according to GitHub. */
export class RateLimitError extends AppError {
  override readonly name = "RateLimitError";
  constructor(
    message: string,
    readonly resetAt: Date,
    options?: ErrorOptions,
  ) {
    super("rate-limit", message, options);
  }
}

/** GitHub refused the token. A person must act; quick retries would only repeat the refusal. */
export class AuthenticationError extends AppError {
  override readonly name = "AuthenticationError";
  constructor(message: string, options?: ErrorOptions) {
    super("authentication", message, options);
  }
}

/**
 * GitHub accepts the token but refuses this call, for example because a permission is missing or a conversation is
 * locked.
 */
export class ForbiddenError extends AppError {
  override readonly name = "ForbiddenError";
  constructor(message: string, options?: ErrorOptions) {
    super("forbidden", message, options);
  }
}

/** No answer, or an answer with a 5xx status. A retry may succeed. */
export class NetworkError extends AppError {
  override readonly name = "NetworkError";
  constructor(message: string, options?: ErrorOptions) {
    super("network", message, options);
  }
}

/** No request was sent, because requests to this host or installation are paused until then. It uses no attempt. */
export class PausedError extends AppError {
  override readonly name: string = "PausedError";
  constructor(
    kind: ErrorKind,
    message: string,
    readonly retryAt: Date,
    options?: ErrorOptions,
  ) {
    super(kind, message, options);
  }
}

/** The host has not answered for a while. */
export class CircuitOpenError extends PausedError {
  override readonly name = "CircuitOpenError";
  constructor(message: string, retryAt: Date, options?: ErrorOptions) {
    super("network", message, retryAt, options);
  }
}

/** GitHub refused the credentials of this installation a moment ago. Further requests would only repeat the refusal. */
export class RefusedError extends PausedError {
  override readonly name = "RefusedError";
  constructor(message: string, retryAt: Date, options?: ErrorOptions) {
    super("authentication", message, retryAt, options);
  }
}

/** The answer was too large for GitHub to compute. A request for fewer rows may succeed. */
export class ResourceLimitError extends AppError {
  override readonly name = "ResourceLimitError";
  constructor(message: string, options?: ErrorOptions) {
    super("network", message, options);
  }
}

/** The thing no longer exists (404, 410, 451) or the App was uninstalled. No work is left to do. */
export class GoneError extends AppError {
  override readonly name = "GoneError";
  constructor(message: string, options?: ErrorOptions) {
    super("gone", message, options);
  }
}

/** The input can never be processed; a retry cannot help. */
export class InvalidError extends AppError {
  override readonly name: string = "InvalidError";
  constructor(message: string, options?: ErrorOptions) {
    super("invalid", message, options);
  }
}

/**
 * Every attempt ended before its result was stored, for example because the process died. A requested replay may
 * succeed.
 */
export class UnendedError extends AppError {
  override readonly name = "UnendedError";
  constructor(message: string, options?: ErrorOptions) {
    super("unknown", message, options);
  }
}

/** The repository or comparison has no commits. GitHub answers 409 only in this case. */
export class EmptyRepositoryError extends InvalidError {
  override readonly name = "EmptyRepositoryError";
}

/**
 * One problem that the operator must correct. `problem` is a whole sentence, or continues after the variable's name.
 */
export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
  readonly remedy: string;
}

/** A setting is missing or wrong. `remedy` tells the operator what to do; it is printed without a stack. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map((each) => `${sentenceOf(each)}. ${each.remedy}`).join("\n"));
  }
}

/** `APP_ID is missing`; a problem that begins with a capital letter stands by itself. */
export function sentenceOf({ variable, problem }: Pick<ConfigProblem, "variable" | "problem">): string {
  return /^[A-Z]/.test(problem) ? problem : `${variable} ${problem}`;
}

/** The kind of any thrown value, decided by class, status and error code. Message text is never matched. */
export function kindOf(error: unknown): ErrorKind {
  if (error instanceof AppError) return error.kind;
  if (error instanceof z.core.$ZodError) return "invalid";
  const answer = answerOf(error);
  if (answer) return kindOfAnswer(answer);
  return isConnectionError(error) ? "network" : "unknown";
}

export type FailurePolicy =
  | { readonly kind: "retry"; readonly afterMs: number }
  | { readonly kind: "retry-at"; readonly at: Date }
  | { readonly kind: "give-up"; readonly reason: string }
  | { readonly kind: "ignore"; readonly reason: string };

/** The facts that decide the policy for a failure. */
export interface FailureFacts {
  /** Attempts used so far, including this one. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly now: Date;
  /** A random number in [0, 1) that spreads retries over time. */
  readonly jitter: number;
}

const AUTHENTICATION_PAUSE_MS = 15 * 60_000;
/**
 * GitHub's documentation asks for a pause of at least one minute when a response does not name the end of the limit.
 */
const UNSAID_LIMIT_MS = 60_000;
/** Spreads the retries that wait for the same reset. */
const RESET_SPREAD_MS = 5_000;

/** The one table from the kind of a failure to its policy. Workers switch on the policy only. */
export function policyFor(error: unknown, facts: FailureFacts): FailurePolicy {
  if (error instanceof PausedError) return { kind: "retry-at", at: spread(error.retryAt, facts) };
  if (error instanceof UnendedError) return { kind: "give-up", reason: messageOf(error) };
  const kind = kindOf(error);
  switch (kind) {
    case "rate-limit":
      return { kind: "retry-at", at: afterReset(error, facts) };
    case "authentication":
      return retryOrGiveUp(facts, AUTHENTICATION_PAUSE_MS, "GitHub refuses the App's credentials");
    case "forbidden":
      return retryOrGiveUp(facts, AUTHENTICATION_PAUSE_MS, `GitHub forbids it: ${messageOf(error)}`);
    case "network":
      return retryOrGiveUp(facts, backoff(facts, 1_000, 5 * 60_000), "the host did not answer");
    case "unknown":
      return retryOrGiveUp(facts, backoff(facts, 5_000, 15 * 60_000), "unexpected error");
    case "gone":
      return { kind: "ignore", reason: messageOf(error) };
    case "invalid":
      return { kind: "give-up", reason: messageOf(error) };
  }
}

/**
 * Retries at the reset, or after one second if the reset has passed (clocks differ). The jitter spreads the retries.
 */
function afterReset(error: unknown, facts: FailureFacts): Date {
  const answer = answerOf(error);
  const said = error instanceof RateLimitError ? error.resetAt : answer && retryTimeOf(answer, facts.now);
  return spread(said ?? new Date(facts.now.getTime() + UNSAID_LIMIT_MS), facts);
}

function spread(at: Date, { now, jitter }: FailureFacts): Date {
  return new Date(Math.max(at.getTime(), now.getTime() + 1_000) + Math.round(RESET_SPREAD_MS * jitter));
}

function retryOrGiveUp(facts: FailureFacts, afterMs: number, what: string): FailurePolicy {
  if (facts.attempt < facts.maxAttempts) return { kind: "retry", afterMs };
  return { kind: "give-up", reason: `${what} (${facts.attempt} attempts)` };
}

/** Exponential backoff from `base`, capped; half of it is random. */
function backoff(facts: FailureFacts, base: number, cap: number): number {
  const full = Math.min(cap, base * 2 ** (facts.attempt - 1));
  return Math.round(full / 2 + (full / 2) * facts.jitter);
}

/** The error's text for rows and logs. Errors of this app never contain secrets. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
