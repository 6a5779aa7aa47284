import type { HealthBands } from "../../config/health-bands.js";
import { bandOf } from "../band-of.js";
import { worstOf } from "../level.js";
import { healthy, type Reading, wrong } from "../reading.js";
import { duration, few } from "../words.js";

export interface SyncFacts {
  /** Since a sync of the whole installation last ended well; null: never. */
  readonly completeSeconds: number | null;
  /** Since the installation became known. */
  readonly knownSeconds: number;
  /** Until when a sync waits for the quota, in words of its own; null: none does. */
  readonly pausedBecause: string | null;
  /** Repositories that the latest sync could not read. */
  readonly failing: readonly string[];
}

/** How old the mirror may be. `value`: seconds since it was last complete. */
export function sync(facts: SyncFacts, bands: HealthBands): Reading {
  const { completeSeconds, knownSeconds, pausedBecause, failing } = facts;
  // The first sync of a large organisation lasts; its watchdog tells when it hangs.
  if (completeSeconds === null && knownSeconds < bands.syncSeconds.unhealthy * 24)
    return healthy(
      "sync",
      `the first sync is not complete, ${duration(knownSeconds)} after the installation`,
      knownSeconds,
    );
  const age = completeSeconds ?? knownSeconds;
  const state = worstOf([bandOf(age, bands.syncSeconds), failing.length > 0 ? "degraded" : "healthy"]);
  const reason = [
    completeSeconds === null ? "never complete" : `complete ${duration(age)} ago`,
    ...(pausedBecause === null ? [] : [`paused: ${pausedBecause}`]),
    ...(failing.length === 0 ? [] : [`${failing.length} repositories cannot be read: ${few(failing)}`]),
  ].join(", ");
  if (state === "healthy") return healthy("sync", reason, age);
  const remedy =
    "Run 'companyos-github sync --wait' and see what it says; repositories that cannot be read are named with their reason.";
  return wrong("sync", state, { reason, remedy, value: age, alert: bandOf(age, bands.syncSeconds) !== "healthy" });
}
