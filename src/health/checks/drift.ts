import type { HealthBands } from "../../config/health-bands.js";
import { bandOf } from "../band-of.js";
import { worstOf } from "../level.js";
import { healthy, type Reading, unread, wrong } from "../reading.js";
import { duration } from "../words.js";

export interface DriftFacts {
  /** Losses that are not recovered yet. */
  readonly open: number;
  /** Seconds since the oldest of them was lost. */
  readonly oldestSeconds: number;
  /** Losses of the last day, and those of them that could not be recovered. */
  readonly lost: number;
  readonly givenUp: number;
  /** Seconds since the last comparison with GitHub's list; null: never. */
  readonly comparedSeconds: number | null;
}

/** Whether lost deliveries are recovered. `value`: seconds since the oldest open loss. */
export function drift(facts: DriftFacts, bands: HealthBands): Reading {
  const { open, oldestSeconds, lost, givenUp, comparedSeconds } = facts;
  const compared = comparedSeconds ?? 0;
  const state = worstOf([
    bandOf(open === 0 ? 0 : oldestSeconds, bands.driftSeconds),
    bandOf(compared, bands.recoverySeconds),
    givenUp > 0 ? "degraded" : "healthy",
  ]);
  const reason = [
    `${lost} deliveries were lost in the last day`,
    `${open} of them are not recovered yet${open === 0 ? "" : `, the oldest for ${duration(oldestSeconds)}`}`,
    ...(givenUp > 0 ? [`${givenUp} could not be recovered`] : []),
    comparedSeconds === null ? "not compared with GitHub yet" : `compared with GitHub ${duration(compared)} ago`,
  ].join(", ");
  if (state === "healthy" && comparedSeconds === null)
    return unread("drift", "the stored deliveries have not been compared with GitHub's list yet");
  if (state === "healthy") return healthy("drift", reason, oldestSeconds);
  const remedy =
    "Read the reasons in drift_ledger and in the latest 'recovery' job. 'companyos-github redeliver --since 1d' requests the deliveries again at once.";
  return wrong("drift", state, { reason, remedy, value: oldestSeconds });
}
