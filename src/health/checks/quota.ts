import type { HealthBands } from "../../config/health-bands.js";
import type { Answered } from "../answered.js";
import { rankOf } from "../level.js";
import { healthy, type Reading, unread, wrong } from "../reading.js";
import { duration, percent, secondsBetween } from "../words.js";

/** One hourly rate limit, as GitHub reports it. */
export interface Quota {
  readonly name: "REST" | "GraphQL";
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: Date;
}

export interface QuotaFacts {
  /** Empty: no rate limits (Enterprise Server). */
  readonly quotas: Answered<readonly Quota[]>;
}

const HOUR_S = 3_600;
/** A forecast from the first minutes of the hour would be a guess. */
const FORECAST_AFTER_S = 600;

/**
 * The remaining share of the hour. `value`: the smallest share left. A limit that will be used up before its reset, at
 * this hour's rate, is degraded whatever is left.
 */
export function quota({ quotas }: QuotaFacts, bands: HealthBands, now: Date): Reading {
  if (!quotas.ok) {
    if (quotas.kind !== "rate-limit") return unread("quota", `the rate limits could not be read: ${quotas.reason}`);
    return wrong("quota", "unhealthy", { reason: `GitHub refuses: ${quotas.reason}`, remedy: REMEDY, value: 0 });
  }
  const [worst] = quotas.value
    .filter(({ limit }) => limit > 0)
    .map((each) => judge(each, bands.quota, now))
    .sort((a, b) => rank(b) - rank(a) || (a.value ?? 1) - (b.value ?? 1));
  return worst ?? healthy("quota", "this GitHub server has no rate limits");
}

const REMEDY =
  "No work is lost: it resumes at the reset. If this continues, raise QUOTA_RESERVE, or exclude repositories with 'companyos-github repositories deny'.";

function judge(quota: Quota, bands: HealthBands["quota"], now: Date): Reading {
  const { name, limit, remaining, resetAt } = quota;
  const left = remaining / limit;
  const until = secondsBetween(now, resetAt);
  const forecast = forecastOf(quota, until);
  const said = `${name}: ${remaining} of ${limit} left (${percent(left)}), reset in ${duration(until)}, then ${forecast} left`;
  const usedUp = forecast === 0 && remaining < limit;
  const more = { reason: said, remedy: REMEDY, value: left };
  if (left < bands.unhealthy) return wrong("quota", "unhealthy", more);
  if (left < bands.degraded || usedUp) return wrong("quota", "degraded", { ...more, alert: left < bands.alert });
  return healthy("quota", said, left);
}

/** The remainder at the reset, at the rate since the hour began. */
function forecastOf({ limit, remaining }: Quota, untilReset: number): number {
  const elapsed = HOUR_S - Math.min(HOUR_S, untilReset);
  if (elapsed < FORECAST_AFTER_S) return remaining;
  const rate = (limit - remaining) / elapsed;
  return Math.max(0, Math.round(remaining - rate * untilReset));
}

function rank({ level }: Reading): number {
  return level === null ? 0 : rankOf(level);
}
