import { isWorse, type Severity } from "./incident.js";

/** When people are notified of incidents. All times in milliseconds. */
export interface AlertPolicy {
  /** How long a new incident waits for others, to be reported together. */
  readonly groupMs: number;
  /**
   * How long an incident must stay resolved before the recovery is reported. If it returns sooner, it is the same
   * incident.
   */
  readonly quietMs: number;
  /** How often an open incident is reported again. */
  readonly repeatMs: number;
}

export const ALERT_POLICY: AlertPolicy = { groupMs: 15_000, quietMs: 15 * 60_000, repeatMs: 4 * 60 * 60_000 };

/** The kinds of messages about an incident: it opened, got worse, still lasts, recovered, or lapsed without a fix. */
export const SAYINGS = ["opened", "worse", "reminded", "recovered", "lapsed"] as const;
export type Saying = (typeof SAYINGS)[number];

/** An incident, with the messages that one sink has received. */
export interface Standing {
  /** True for a notice of an ordinary event, which is sent once. */
  readonly isNotice?: boolean;
  readonly openedAt: Date;
  readonly severity: Severity;
  /** Null while it is open. */
  readonly resolvedAt: Date | null;
  /** Whether it ended only by its age. */
  readonly lapsed: boolean;
  readonly said: Saying | null;
  /** Its severity in the last message; null: unknown. */
  readonly saidSeverity: Severity | null;
  readonly saidAt: Date | null;
}

/**
 * The message that a sink should receive now; null: none, because the incident is too new, was already reported, or
 * ended before any report. A recovery is reported only after the quiet time, so that a flapping incident is reported
 * once. `noticesWanted` is the same rule in SQL.
 */
export function dueMessage(standing: Standing, now: Date, policy: AlertPolicy): Saying | null {
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

/** Whether that was the last message about an incident. */
export function isEnd(saying: Saying): boolean {
  return saying === "recovered" || saying === "lapsed";
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 15 * 60_000;

/** The wait after this many failures of one message in a row: ten seconds, doubled each time, at most 15 minutes. */
export function retryAfterMs(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
}
