import type { HealthBands } from "../../config/health-bands.js";
import type { Answered } from "../answered.js";
import { bandOf } from "../band-of.js";
import { healthy, type Reading, wrong } from "../reading.js";
import { duration } from "../words.js";

/** Durations of recent real calls, in seconds. */
export interface CallTimes {
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
}

export interface ApiFacts {
  readonly light: Answered<unknown>;
  /** Null: too few calls were made. */
  readonly real: CallTimes | null;
}

const REMEDY = "Check https://www.githubstatus.com, and the network and proxies between this machine and GitHub.";

/**
 * Whether GitHub responds, and how fast. `value`: the slower of a light call and the median of real calls, in seconds.
 */
export function api({ light, real }: ApiFacts, bands: HealthBands): Reading {
  if (!light.ok && light.kind === "network")
    return wrong("api", "unhealthy", {
      reason: `GitHub does not answer: ${light.reason}`,
      remedy: REMEDY,
      value: light.seconds,
    });
  const seconds = Math.max(light.seconds, real?.p50 ?? 0);
  const calls =
    real === null ? "" : `, ${real.calls} calls at ${duration(real.p50)} (p50) and ${duration(real.p95)} (p95)`;
  const reason = `a light call took ${duration(light.seconds)}${calls}`;
  const state = bandOf(seconds, bands.apiSeconds);
  return state === "healthy"
    ? healthy("api", reason, seconds)
    : wrong("api", state, { reason, remedy: REMEDY, value: seconds });
}
