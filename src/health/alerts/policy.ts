import { isWorse, type Severity } from "./incident.js";

/** When people are told of incidents. All times in milliseconds. */
export interface AlertPolicy {
  /** How long a new incident waits for others to be told with. */
  readonly groupMs: number;
  /** How long an incident must stay healed before that is told; what comes back sooner is the same incident. */
  readonly quietMs: number;
  /** How often an incident that lasts is told again. */
  readonly repeatMs: number;
}

export const ALERT_POLICY: AlertPolicy = { groupMs: 15_000, quietMs: 15 * 60_000, repeatMs: 4 * 60 * 60_000 };

/**
 * What can be said about an incident: it began, it got worse, it still lasts, it is over, or it is no longer watched
 * though nobody mended it.
 */
export const SAYINGS = ["opened", "worse", "reminded", "recovered", "lapsed"] as const;
export type Saying = (typeof SAYINGS)[number];

/** An incident, and what one sink knows of it. */
export interface Standing {
  /** True for what is told once and is not wrong. */
  readonly isNotice?: boolean;
  readonly openedAt: Date;
  readonly severity: Severity;
  /** Null while it is open. */
  readonly resolvedAt: Date | null;
  /** Whether it ended by its age alone. */
  readonly lapsed: boolean;
  readonly said: Saying | null;
  /** How bad it was when that was said; null: not known. */
  readonly saidSeverity: Severity | null;
  readonly saidAt: Date | null;
}

/**
 * What a sink is to be told now, and null when nothing: too new, told already, or over before anybody was told. A
 * recovery is told only after the quiet time, so that a flapping incident is told once. `noticesWanted` asks the
 * database for the same.
 */
export function sayingOf(standing: Standing, now: Date, policy: AlertPolicy): Saying | null {
  const { openedAt, resolvedAt, said, saidAt, severity, saidSeverity } = standing;
  const since = (at: Date): number => now.getTime() - at.getTime();
  if (standing.isNotice) return said === null && since(openedAt) >= policy.groupMs ? "opened" : null;
  const isTold = said !== null && !isEnd(said);
  if (resolvedAt !== null) {
    if (!isTold || since(resolvedAt) < policy.quietMs) return null;
    return standing.lapsed ? "lapsed" : "recovered";
  }
  if (!isTold || saidAt === null) return since(openedAt) >= policy.groupMs ? "opened" : null;
  if (saidSeverity !== null && isWorse(severity, saidSeverity)) return "worse";
  return since(saidAt) >= policy.repeatMs ? "reminded" : null;
}

/** Whether that was the last word on an incident. */
export function isEnd(saying: Saying): boolean {
  return saying === "recovered" || saying === "lapsed";
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 15 * 60_000;

/** How long to wait after so many failures in a row of one notice: ten seconds, doubled, at most a quarter of an hour. */
export function retryAfterMs(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
}
