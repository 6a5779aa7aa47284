import { z } from "zod";
import { answerOf, kindOfAnswer, retryTimeOf } from "./errors/answer.js";
import { isConnectionError } from "./errors/connection.js";
import { ERROR_KINDS, type ErrorKind } from "./errors/kind.js";

export { ERROR_KINDS, type ErrorKind };

/** The base of every error this app throws on purpose: it knows its kind. */
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

/** A quota is used up. `resetAt` is when GitHub says that it may be used again. */
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

/** GitHub refused the token itself. Retrying soon would be a storm; an admin has to act. */
export class AuthenticationError extends AppError {
  override readonly name = "AuthenticationError";
  constructor(message: string, options?: ErrorOptions) {
    super("authentication", message, options);
  }
}

/** GitHub takes the token and refuses this one call: a permission is missing, a conversation is locked. */
export class ForbiddenError extends AppError {
  override readonly name = "ForbiddenError";
  constructor(message: string, options?: ErrorOptions) {
    super("forbidden", message, options);
  }
}

/** No answer, or a 5xx one: trying again may work. */
export class NetworkError extends AppError {
  override readonly name = "NetworkError";
  constructor(message: string, options?: ErrorOptions) {
    super("network", message, options);
  }
}

/** Nothing was sent: whoever is asked is left alone until then. No attempt is used up. */
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

/** The host has given no answer for a while. */
export class CircuitOpenError extends PausedError {
  override readonly name = "CircuitOpenError";
  constructor(message: string, retryAt: Date, options?: ErrorOptions) {
    super("network", message, retryAt, options);
  }
}

/** GitHub refused the installation's credentials a moment ago: asking for each piece of work would be a storm. */
export class RefusedError extends PausedError {
  override readonly name = "RefusedError";
  constructor(message: string, retryAt: Date, options?: ErrorOptions) {
    super("authentication", message, retryAt, options);
  }
}

/** The answer was too big for GitHub to compute: asking for less may work. */
export class ResourceLimitError extends AppError {
  override readonly name = "ResourceLimitError";
  constructor(message: string, options?: ErrorOptions) {
    super("network", message, options);
  }
}

/** The thing is not there any more (404, 410, 451, uninstalled): nothing is left to do. */
export class GoneError extends AppError {
  override readonly name = "GoneError";
  constructor(message: string, options?: ErrorOptions) {
    super("gone", message, options);
  }
}

/** The input can never be processed, however often it is tried. */
export class InvalidError extends AppError {
  override readonly name: string = "InvalidError";
  constructor(message: string, options?: ErrorOptions) {
    super("invalid", message, options);
  }
}

/** Whoever worked on it ended before it did, as often as it may be tried. Asked for again, it may well be processed. */
export class UnendedError extends AppError {
  override readonly name = "UnendedError";
  constructor(message: string, options?: ErrorOptions) {
    super("unknown", message, options);
  }
}

/** What was read has no commits: GitHub answers 409 to that, and to no other read. */
export class EmptyRepositoryError extends InvalidError {
  override readonly name = "EmptyRepositoryError";
}

/** One thing that the operator must correct. `problem` is a whole sentence, or goes on after the variable's name. */
export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
  readonly remedy: string;
}

/** A setting of the operator's is missing or wrong. `remedy` says what to do; printed as is, without a stack. */
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

/** The kind of any thrown value. Classes, statuses and codes decide; message text never does. */
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

/** What is known about a failed piece of work when its policy is chosen. */
export interface FailureFacts {
  /** Attempts used so far, this one included. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly now: Date;
  /** In [0, 1): spreads retries so that they do not come together. */
  readonly jitter: number;
}

const AUTHENTICATION_PAUSE_MS = 15 * 60_000;
/** GitHub asks for at least a minute where it does not say when a limit ends. */
const UNSAID_LIMIT_MS = 60_000;
/** Everything that waits for the same reset would come in the same instant. */
const RESET_SPREAD_MS = 5_000;

/** The one table: kind of failure to what is done about it. Workers switch on the policy and on nothing else. */
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

/** At the reset or, when that is past already (clocks differ), in a second; spread by the jitter. */
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

/** Exponential from `base`, capped, with half of it jittered. */
function backoff(facts: FailureFacts, base: number, cap: number): number {
  const full = Math.min(cap, base * 2 ** (facts.attempt - 1));
  return Math.round(full / 2 + (full / 2) * facts.jitter);
}

/** A text for rows and logs. Never the place for secrets: errors of this app carry none. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
