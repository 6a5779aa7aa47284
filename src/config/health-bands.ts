import { z } from "zod";
import { parseJson } from "../unchecked.js";

const positive = z.number("must be a number above 0").positive("must be a number above 0");

/** Degraded from the first value on, unhealthy from the second. */
function rising(degraded: number, unhealthy: number) {
  return z
    .strictObject({ degraded: positive.default(degraded), unhealthy: positive.default(unhealthy) })
    .refine((band) => band.degraded <= band.unhealthy, "degraded must not be above unhealthy")
    .prefault({});
}

/** Degraded below the first value, unhealthy below the second. */
function falling(degraded: number, unhealthy: number) {
  return z
    .strictObject({ degraded: positive.default(degraded), unhealthy: positive.default(unhealthy) })
    .refine((band) => band.unhealthy <= band.degraded, "unhealthy must not be above degraded")
    .prefault({});
}

const SHARE = "must be a number from 0 to 1";
const share = z.number(SHARE).min(0, SHARE).max(1, SHARE);

/** The thresholds of the health checks. Times are seconds, shares are of 1. An unknown key is an error. */
export const HealthBands = z.strictObject({
  /** The remaining share of an hourly rate limit. */
  quota: z
    .strictObject({ degraded: share.default(0.2), alert: share.default(0.1), unhealthy: share.default(0.05) })
    .refine(
      (band) => band.unhealthy <= band.alert && band.alert <= band.degraded,
      "must be unhealthy ≤ alert ≤ degraded",
    )
    .prefault({}),
  /** The response time of GitHub. */
  apiSeconds: rising(2, 5),
  /** The share of the last hour's deliveries that failed. */
  failingDeliveries: rising(0.05, 0.5),
  /** Time since GitHub's last delivery. */
  silentSeconds: rising(2 * 86_400, 30 * 86_400),
  /** The response time of the database. */
  databaseSeconds: rising(0.5, 2),
  /** How long the oldest due job has waited. */
  jobSeconds: rising(300, 1_800),
  /** The number of due jobs. */
  jobs: rising(10_000, 100_000),
  /** Time since the oldest lease expired without being taken over. */
  lostLeaseSeconds: rising(120, 600),
  /** The age of an installation's latest complete sync. */
  syncSeconds: rising(20 * 60, 60 * 60),
  /** How long an unreadable repository has been incomplete. */
  repositorySeconds: rising(24 * 3_600, 7 * 24 * 3_600),
  /** How long the oldest delivery has waited for processing. */
  inboxSeconds: rising(60, 600),
  /** The age of the oldest lost delivery that is not recovered. */
  driftSeconds: rising(30 * 60, 4 * 3_600),
  /** Time since the last comparison with GitHub's list of deliveries. */
  recoverySeconds: rising(20 * 60, 2 * 3_600),
  /** The time left until the next expiry. */
  secretSeconds: falling(30 * 86_400, 7 * 86_400),
});
export type HealthBands = z.infer<typeof HealthBands>;

export const DEFAULT_BANDS: HealthBands = HealthBands.parse({});

/** The bands in an environment variable: JSON with the values that differ from the default. */
export const HealthBandsText = z
  .string()
  .transform((value, context): unknown => {
    try {
      return parseJson(value);
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(HealthBands);
