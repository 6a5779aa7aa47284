import type { Level, SeenState } from "./level.js";

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

/** The result of one check. `level` null: the check could not be made. */
export interface Reading {
  readonly check: CheckName;
  readonly level: Level | null;
  /** What the check saw, in words; the same facts give the same words. */
  readonly reason: string;
  /** What to do; null when healthy. */
  readonly remedy: string | null;
  /** The measured figure, in the unit that the check documents; null without one. */
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
  state: Exclude<SeenState, "healthy">,
  said: { readonly reason: string; readonly remedy: string; readonly value?: number; readonly alert?: boolean },
): Reading {
  const { reason, remedy, value = null, alert = true } = said;
  return { check, level: { state, alert }, reason, remedy, value };
}
