/** What a failure means. The first four are the original architecture's; `gone` and `invalid` are never worth a retry. */
export const ERROR_KINDS = ["rate-limit", "authentication", "network", "unknown", "gone", "invalid"] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

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

/** GitHub refused who we are. Retrying soon would be a storm; an admin has to act. */
export class AuthenticationError extends AppError {
  override readonly name = "AuthenticationError";
  constructor(message: string, options?: ErrorOptions) {
    super("authentication", message, options);
  }
}

/** No answer, or a 5xx one: trying again may work. */
export class NetworkError extends AppError {
  override readonly name = "NetworkError";
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
  override readonly name = "InvalidError";
  constructor(message: string, options?: ErrorOptions) {
    super("invalid", message, options);
  }
}

/** A setting of the operator's is missing or wrong. `remedy` says what to do; printed as is, without a stack. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    readonly problems: readonly { readonly variable: string; readonly problem: string; readonly remedy: string }[],
  ) {
    super(problems.map((p) => `${p.variable}: ${p.problem}. ${p.remedy}`).join("\n"));
  }
}

/** The kind of any thrown value. Classes decide; message text never does. */
export function kindOf(error: unknown): ErrorKind {
  if (error instanceof AppError) return error.kind;
  return "unknown";
}

export type FailurePolicy =
  | { readonly kind: "retry"; readonly afterMs: number }
  | { readonly kind: "retry-at"; readonly at: Date }
  | { readonly kind: "give-up"; readonly because: string }
  | { readonly kind: "ignore"; readonly because: string };

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

/** The one table: kind of failure to what is done about it. Workers switch on the policy and on nothing else. */
export function policyFor(error: unknown, facts: FailureFacts): FailurePolicy {
  const kind = kindOf(error);
  switch (kind) {
    case "rate-limit":
      return { kind: "retry-at", at: error instanceof RateLimitError ? error.resetAt : new Date(facts.now.getTime() + 60_000) };
    case "authentication":
      return retryOrGiveUp(facts, AUTHENTICATION_PAUSE_MS, "GitHub refuses our credentials");
    case "network":
      return retryOrGiveUp(facts, backoff(facts, 1_000, 5 * 60_000), "GitHub could not be reached");
    case "unknown":
      return retryOrGiveUp(facts, backoff(facts, 5_000, 15 * 60_000), "an unexpected error");
    case "gone":
      return { kind: "ignore", because: messageOf(error) };
    case "invalid":
      return { kind: "give-up", because: messageOf(error) };
  }
}

function retryOrGiveUp(facts: FailureFacts, afterMs: number, what: string): FailurePolicy {
  if (facts.attempt < facts.maxAttempts) return { kind: "retry", afterMs };
  return { kind: "give-up", because: `${what}, ${facts.attempt} attempts` };
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
