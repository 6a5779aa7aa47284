import type { Effect } from "../effects/effect.js";
import type { EffectWriter } from "../effects/writer.js";
import { kindOf, messageOf, NetworkError, PausedError } from "../errors.js";
import type { JobContext } from "../jobs/job.js";
import { redact } from "../log.js";

/** GitHub's API lags behind its webhooks by seconds. So many attempts, some ten seconds, go by before 'not there' counts. */
const YOUNG_ATTEMPTS = 5;

/** Whether what GitHub does not show may still appear. */
export function isYoung({ tries, lagPassed }: Pick<JobContext, "tries" | "lagPassed">): boolean {
  return !lagPassed && tries.attempt < Math.min(YOUNG_ATTEMPTS, tries.maxAttempts);
}

export interface Unreadable {
  /** As in `agent_runs.skipped`. */
  readonly id: "gone" | "forbidden";
  readonly reason: string;
}

/**
 * Why nothing can be decided, where reading failed for good.
 * @throws what may pass: the job is tried again.
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

/** Effects that stand or fall with a commit that GitHub may not show yet. */
const OF_A_COMMIT: ReadonlySet<Effect["kind"]> = new Set(["check-run", "review"]);

/** Why an effect is left out and the others go on; null: the failure may pass, and the job is tried again. */
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
      // The last attempt: the run must end, or it would hold up every later one.
      return tries.attempt >= tries.maxAttempts ? `failed ${tries.attempt} times` : null;
    case "rate-limit":
    case "authentication":
      return null;
  }
}

/** A refusal of a commit that GitHub may not show yet is tried again as an answer that did not come. */
export function passing(error: unknown): unknown {
  const kind = kindOf(error);
  if (kind !== "gone" && kind !== "invalid") return error;
  return new NetworkError(`GitHub may not have the commit yet: ${messageOf(error)}`, { cause: error });
}

/**
 * Applies what is a courtesy, such as an answer in a conversation that may be locked.
 * @returns why GitHub refused it for good; null: it is done, or waits.
 * @throws what may pass.
 */
export async function applyCourtesy(writer: EffectWriter, effect: Effect, context: JobContext): Promise<string | null> {
  try {
    await writer.apply([effect], context);
    return null;
  } catch (error) {
    const fate = fateOf(error, effect, context);
    if (fate === null) throw error;
    return `${effect.kind} ${fate}: ${redact(messageOf(error))}`;
  }
}
