import type { HealthBands } from "../../config/health-bands.js";
import { bandOf } from "../band-of.js";
import { worstOf } from "../level.js";
import { healthy, type Reading, wrong } from "../reading.js";
import { duration, few } from "../words.js";

export interface SyncFacts {
  /** Seconds since the last successful sync of the whole installation; null: never. */
  readonly completeSeconds: number | null;
  /** Seconds since the installation became known. */
  readonly knownSeconds: number;
  /** Why a sync is paused, with the time of resumption; null: none is paused. */
  readonly pausedReason: string | null;
  /** Repositories that could not be read completely. All others are as fresh as the installation. */
  readonly failing: readonly StaleRepository[];
}

export interface StaleRepository {
  readonly name: string;
  /** Seconds since it was completely stored. */
  readonly seconds: number;
}

/** The age of the mirror and of each repository. `value`: seconds since it was last complete. */
export function sync(facts: SyncFacts, bands: HealthBands): Reading {
  const { completeSeconds, knownSeconds, pausedReason } = facts;
  const failing = facts.failing.toSorted((a, b) => b.seconds - a.seconds);
  const [stalest] = failing;
  // The first sync of a large organisation takes long; a watchdog reports it if it hangs.
  if (completeSeconds === null && knownSeconds < bands.syncSeconds.unhealthy * 24)
    return healthy(
      "sync",
      `the first sync is not complete, ${duration(knownSeconds)} after the installation`,
      knownSeconds,
    );
  const age = completeSeconds ?? knownSeconds;
  // An unreadable repository is retried every hour, so it raises no alert at once.
  const alerting = worstOf([bandOf(age, bands.syncSeconds), bandOf(stalest?.seconds ?? 0, bands.repositorySeconds)]);
  const state = worstOf([alerting, stalest ? "degraded" : "healthy"]);
  const reason = [
    completeSeconds === null ? "never complete" : `complete ${duration(age)} ago`,
    ...(pausedReason === null ? [] : [`paused: ${pausedReason}`]),
    ...(stalest ? [`${failing.length} repositories cannot be read: ${few(failing.map(({ name }) => name))}`] : []),
    ...(stalest ? [`${stalest.name} was last complete ${duration(stalest.seconds)} ago`] : []),
  ].join(", ");
  if (state === "healthy") return healthy("sync", reason, age);
  const remedy = "Run 'companyos-github sync --wait'. It names each repository that cannot be read, with the reason.";
  return wrong("sync", state, { reason, remedy, value: age, alert: alerting !== "healthy" });
}
