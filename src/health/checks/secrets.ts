import type { HealthBands } from "../../config/health-bands.js";
import type { Answered } from "../answered.js";
import { healthy, type Reading, unread, wrong } from "../reading.js";
import { duration, secondsBetween } from "../words.js";

/** A secret or certificate that expires at a known time. */
export interface ExpiringSecret {
  /** Its name for people, never the secret itself. */
  readonly name: string;
  readonly expiresAt: Date;
  /** How to replace it. */
  readonly remedy: string;
}

/**
 * The time until the first of them expires: degraded below 30 days, unhealthy below 7 days and after the expiry.
 * `value`: seconds left. Null when nothing expires.
 */
export function secrets(
  sources: readonly Answered<readonly ExpiringSecret[]>[],
  { secretSeconds }: Pick<HealthBands, "secretSeconds">,
  now: Date,
): Reading | null {
  const known = sources.flatMap((source) => (source.ok ? source.value : []));
  const [first, ...later] = known.toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
  const failed = sources.find((source) => !source.ok);
  const left = first ? (first.expiresAt.getTime() - now.getTime()) / 1000 : Number.POSITIVE_INFINITY;
  if (first && left < secretSeconds.degraded) {
    const others = later.filter(({ expiresAt }) => secondsBetween(now, expiresAt) < secretSeconds.degraded).length;
    return wrong("secrets", left < secretSeconds.unhealthy ? "unhealthy" : "degraded", {
      reason: `${endOf(first, now)}${others > 0 ? `, and ${others} more soon` : ""}`,
      remedy: first.remedy,
      value: left,
    });
  }
  if (failed && !failed.ok) return unread("secrets", `the expiry dates could not be read: ${failed.reason}`);
  return first ? healthy("secrets", endOf(first, now), left) : null;
}

function endOf({ name, expiresAt }: ExpiringSecret, now: Date): string {
  const day = expiresAt.toISOString().slice(0, 10);
  if (expiresAt <= now) return `${name} expired ${duration(secondsBetween(expiresAt, now))} ago, on ${day}`;
  return `${name} expires in ${duration(secondsBetween(now, expiresAt))}, on ${day}`;
}
