import type { HealthState, Level } from "./level.js";

export const CHECKS = [
  "authentication",
  "quota",
  "api",
  "webhooks",
  "database",
  "queue",
  "workers",
  "sync",
  "inbox",
  "drift",
  "secrets",
] as const;
export type CheckName = (typeof CHECKS)[number];

/** What one look at one part found. `level` null: it could not be read. */
export interface Reading {
  readonly check: CheckName;
  readonly level: Level | null;
  /** What was seen, for people; the same facts give the same words. */
  readonly reason: string;
  /** What to do; null when there is nothing to do. */
  readonly remedy: string | null;
  /** The figure that was judged, in the unit that the check names; null when there is none. */
  readonly value: number | null;
}

export function healthy(check: CheckName, reason: string, value: number | null = null): Reading {
  return { check, level: { state: "healthy", alert: false }, reason, remedy: null, value };
}

export function unread(check: CheckName, reason: string): Reading {
  return { check, level: null, reason, remedy: null, value: null };
}

export function wrong(
  check: CheckName,
  state: Exclude<HealthState, "healthy">,
  said: { readonly reason: string; readonly remedy: string; readonly value?: number; readonly alert?: boolean },
): Reading {
  const { reason, remedy, value = null, alert = true } = said;
  return { check, level: { state, alert }, reason, remedy, value };
}
