import { z } from "zod";
import { parseJson } from "../unchecked.js";

const positive = z.number("must be a number above 0").positive("must be a number above 0");

/** Degraded from the first figure on, unhealthy from the second. */
function rising(degraded: number, unhealthy: number) {
  return z
    .strictObject({ degraded: positive.default(degraded), unhealthy: positive.default(unhealthy) })
    .refine((band) => band.degraded <= band.unhealthy, "degraded must not be above unhealthy")
    .prefault({});
}

/** Degraded below the first figure, unhealthy below the second. */
function falling(degraded: number, unhealthy: number) {
  return z
    .strictObject({ degraded: positive.default(degraded), unhealthy: positive.default(unhealthy) })
    .refine((band) => band.unhealthy <= band.degraded, "unhealthy must not be above degraded")
    .prefault({});
}

const SHARE = "must be a number from 0 to 1";
const share = z.number(SHARE).min(0, SHARE).max(1, SHARE);

/** Where a check's states begin. Times are seconds, shares are of 1. A key that is not known is an error. */
export const HealthBands = z.strictObject({
  /** The share of an hourly quota that is left. */
  quota: z
    .strictObject({ degraded: share.default(0.2), alert: share.default(0.1), unhealthy: share.default(0.05) })
    .refine(
      (band) => band.unhealthy <= band.alert && band.alert <= band.degraded,
      "must be unhealthy ≤ alert ≤ degraded",
    )
    .prefault({}),
  /** An answer of GitHub's. */
  apiSeconds: rising(2, 5),
  /** The share of the last hour's deliveries that failed. */
  failingDeliveries: rising(0.05, 0.5),
  /** Since GitHub's last delivery. */
  silentSeconds: rising(2 * 86_400, 30 * 86_400),
  /** An answer of the database. */
  databaseSeconds: rising(0.5, 2),
  /** How long the oldest job that is due has waited. */
  jobSeconds: rising(300, 1_800),
  /** How many jobs are due. */
  jobs: rising(10_000, 100_000),
  /** How long ago the lease of a job or delivery ended that nobody took over. */
  lostLeaseSeconds: rising(120, 600),
  /** How old the latest complete sync of an installation is. */
  syncSeconds: rising(20 * 60, 60 * 60),
  /** For how long a repository that cannot be read has not been complete. */
  repositorySeconds: rising(24 * 3_600, 7 * 24 * 3_600),
  /** How long the oldest delivery has waited to be processed. */
  inboxSeconds: rising(60, 600),
  /** How long ago the oldest delivery was lost that is not made good yet. */
  driftSeconds: rising(30 * 60, 4 * 3_600),
  /** Since the last comparison with GitHub's deliveries. */
  recoverySeconds: rising(20 * 60, 2 * 3_600),
  /** How long the first of what expires still works. */
  secretSeconds: falling(30 * 86_400, 7 * 86_400),
});
export type HealthBands = z.infer<typeof HealthBands>;

export const DEFAULT_BANDS: HealthBands = HealthBands.parse({});

/** The bands as an environment variable holds them: JSON of those that differ from the default. */
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
