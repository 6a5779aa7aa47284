import type { Effect } from "../effects/effect.js";
import type { EffectWriter } from "../effects/writer.js";
import { kindOf, messageOf, NetworkError, PausedError } from "../errors.js";
import type { JobContext } from "../jobs/job.js";
import { redact } from "../log.js";

/** GitHub's API lags behind its webhooks by seconds. A 404 counts only after this many attempts (about ten seconds). */
const YOUNG_ATTEMPTS = 5;

/** Whether a missing object may still appear. */
export function isYoung({ tries, lagPassed }: Pick<JobContext, "tries" | "lagPassed">): boolean {
  return !lagPassed && tries.attempt < Math.min(YOUNG_ATTEMPTS, tries.maxAttempts);
}

export interface Unreadable {
  /** As in `agent_runs.skipped`. */
  readonly id: "gone" | "forbidden";
  readonly reason: string;
}

/**
 * The reason why nothing can be decided, when reading failed permanently.
 * @throws temporary failures, which retry the job.
 */
export function unreadableBy(error: unknown, context: JobContext): Unreadable {
  const kind = error instanceof PausedError ? null : kindOf(error);
  const said = redact(messageOf(error));
  if (kind === "gone" && isYoung(context))
    throw new NetworkError(`GitHub does not have it yet: ${said}`, { cause: error });
  if (kind === "gone") return { id: "gone", reason: `GitHub does not have it: ${said}` };
  if (kind === "forbidden") return { id: "forbidden", reason: `GitHub forbids reading it: ${said}` };
  throw error;
}

/** Effects that need a commit which GitHub may not have yet. */
const OF_A_COMMIT: ReadonlySet<Effect["kind"]> = new Set(["check-run", "review"]);

/** Why an effect is left out while the others go on; null: the failure may be temporary, and the job is retried. */
export function fateOf(error: unknown, { kind: effect }: Effect, context: JobContext): string | null {
  const { tries } = context;
  if (error instanceof PausedError) return null;
  switch (kindOf(error)) {
    case "gone":
    case "invalid":
      return OF_A_COMMIT.has(effect) && isYoung(context) ? null : "was refused";
    case "forbidden":
      return "was refused";
    case "network":
    case "unknown":
      // The last attempt: the run must end, or it would block every later run.
      return tries.attempt >= tries.maxAttempts ? `failed ${tries.attempt} times` : null;
    case "rate-limit":
    case "authentication":
      return null;
  }
}

/**
 * Reads data that a decision does not need. After a permanent failure `without` provides the replacement, with the
 * reason.
 * @throws temporary failures: the job is retried.
 */
export async function readIfPossible<T, F>(
  context: Pick<JobContext, "tries" | "lagPassed">,
  read: () => Promise<T>,
  without: (reason: string) => F | Promise<F>,
): Promise<T | F> {
  try {
    return await read();
  } catch (error) {
    const kind = kindOf(error);
    if (error instanceof PausedError || kind === "rate-limit" || kind === "authentication") throw error;
    const isLast = context.tries.attempt >= context.tries.maxAttempts;
    if ((kind === "network" || kind === "unknown") && !isLast) throw error;
    if (kind === "gone" && isYoung(context)) throw passing(error);
    return without(redact(messageOf(error)));
  }
}

/** A refusal because of a commit that GitHub may not have yet is retried like a network failure. */
export function passing(error: unknown): unknown {
  const kind = kindOf(error);
  if (kind !== "gone" && kind !== "invalid") return error;
  return new NetworkError(`GitHub may not have the commit yet: ${messageOf(error)}`, { cause: error });
}

/**
 * Applies an optional effect, such as an answer in a conversation that may be locked.
 * @returns why GitHub refused it permanently; null: it was applied, or it is blocked.
 * @throws temporary failures.
 */
export async function applyOptional(writer: EffectWriter, effect: Effect, context: JobContext): Promise<string | null> {
  try {
    await writer.apply([effect], context);
    return null;
  } catch (error) {
    const fate = fateOf(error, effect, context);
    if (fate === null) throw error;
    return `${effect.kind} ${fate}: ${redact(messageOf(error))}`;
  }
}
