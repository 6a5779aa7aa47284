const MINUTE_MS = 60_000;

/** The rules for finding and recovering losses, in milliseconds. */
export interface RecoveryRules {
  /** How far below the watermark a pass looks again, because deliveries are listed late and clocks differ. */
  readonly overlapMs: number;
  /** GitHub lists and redelivers deliveries for three days. */
  readonly redeliverableMs: number;
  /**
   * The most losses that the first pass recovers one by one. With more, the app is new to a busy organisation: its
   * first sync reads everything, and only deliveries about installations are requested.
   */
  readonly firstMost: number;
  /** The most redeliveries of one delivery. */
  readonly times: number;
  /** A redelivery that is not listed after this time has failed. */
  readonly unseenMs: number;
  /** The time between the starts of two requests for redelivery. */
  readonly spacingMs: number;
  /** Concurrent requests for redelivery. */
  readonly atOnce: number;
}

export const RECOVERY_RULES: RecoveryRules = {
  overlapMs: 15 * MINUTE_MS,
  redeliverableMs: 3 * 24 * 60 * MINUTE_MS,
  firstMost: 2_000,
  times: 3,
  unseenMs: 15 * MINUTE_MS,
  // 120 requests a minute are 600 of the 900 points a minute that GitHub allows the App.
  spacingMs: 500,
  atOnce: 4,
};
