/** What an incident is about; a bounded label for metrics. */
export const ALERT_KINDS = [
  "authentication",
  "dead-letter",
  "delivery-loss",
  "expiring-secret",
  "failing-agent",
  "health",
  "notice",
  "rate-limit",
  "repeated-failures",
  "stuck-sync",
  "unknown-error",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** The worst first. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export function isWorse(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(than);
}

/** Something that is wrong now, as whoever found it says it. Texts are for people and carry no secret. */
export interface Incident {
  /**
   * The same key is the same incident: `health/123/quota`. Starts with the kind's own word, so that two sources never
   * share one.
   */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** Null: the whole app. */
  readonly installationId: bigint | null;
  /** One line: what is wrong, and where. */
  readonly title: string;
  readonly detail: string;
  /** What people can do about it. */
  readonly remedy: string;
  /** How often it has happened so far, where the source counts; else each raise counts one. */
  readonly occurrences?: number;
}
