/** The subject of an incident; a bounded label for metrics. */
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
  "stuck-deployment",
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

/** A present problem, described by its source. Texts are for people and contain no secrets. */
export interface Incident {
  /**
   * The same key is the same incident: `health/123/quota`. Starts with its kind, so that two sources never share a key.
   */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** Null: the whole app. */
  readonly installationId: bigint | null;
  /** One line: the problem, and where it occurs. */
  readonly title: string;
  readonly detail: string;
  /** The remedy for people. */
  readonly remedy: string;
  /** How often it has occurred, if the source counts; otherwise each raise counts one. */
  readonly occurrences?: number;
}
