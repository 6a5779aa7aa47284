const MINUTE_MS = 60_000;

/** How losses are looked for and made good. Milliseconds. */
export interface RecoveryRules {
  /** How far below the watermark a sweep looks again: deliveries are listed late, and clocks differ. */
  readonly overlapMs: number;
  /** GitHub lists and repeats deliveries for three days. */
  readonly redeliverableMs: number;
  /**
   * Losses that the very first sweep makes good one by one. Where there are more, the app is new to a busy organisation:
   * its first sync reads everything, and only what tells of installations is repeated.
   */
  readonly firstMost: number;
  /** Redeliveries of one delivery at most. */
  readonly times: number;
  /** A redelivery that is not listed after so long has come to nothing. */
  readonly unseenMs: number;
  /** Between the beginnings of two requests for a redelivery. */
  readonly spacingMs: number;
  /** Requests for a redelivery under way at once. */
  readonly atOnce: number;
}

export const RECOVERY_RULES: RecoveryRules = {
  overlapMs: 15 * MINUTE_MS,
  redeliverableMs: 3 * 24 * 60 * MINUTE_MS,
  firstMost: 2_000,
  times: 3,
  unseenMs: 15 * MINUTE_MS,
  // 120 a minute are 600 points of the 900 a minute that GitHub allows the App.
  spacingMs: 500,
  atOnce: 4,
};
