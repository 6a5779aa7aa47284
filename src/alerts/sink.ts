import type { Saying } from "../health/alerts/policy.js";
import type { Alert } from "../store/alerts/alert-row.js";

/** Something to tell about an incident. */
export interface Notice {
  readonly alert: Alert;
  readonly saying: Saying;
  /** How often this sink was told of the incident before: with the id and what is said, it names the message. */
  readonly times: number;
}

/** Where alerts go. */
export interface AlertSink {
  /** As in `alert_notices.sink`. */
  readonly name: string;
  /** How many notices go in one message. */
  readonly most: number;
  /** Whether it is also told of what is not wrong. */
  readonly takesNotices: boolean;
  /** Tells all of them, or throws: then all of them are told again later, under the same ids. */
  send(notices: readonly Notice[], signal: AbortSignal): Promise<void>;
}
