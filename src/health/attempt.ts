/** One attempt by GitHub to deliver. */
export interface AttemptFact {
  /** The GUID of the delivery, which all its attempts share. */
  readonly guid: string;
  readonly deliveredAt: Date;
  /** 0: no answer is recorded. */
  readonly statusCode: number;
}

/** GitHub waits ten seconds for an answer; its list may lag, and clocks differ. */
const ANSWERED_WITHIN_MS = 60_000;

/** The result of an attempt, as GitHub counts it. Open: the answer may still come. */
export function outcomeOf(
  { deliveredAt, statusCode }: Pick<AttemptFact, "deliveredAt" | "statusCode">,
  now: Date,
): "accepted" | "failed" | "open" {
  if (statusCode > 0) return statusCode >= 200 && statusCode < 300 ? "accepted" : "failed";
  return now.getTime() - deliveredAt.getTime() > ANSWERED_WITHIN_MS ? "failed" : "open";
}
