import type { Saying } from "../health/alerts/policy.js";
import type { Alert } from "../store/alerts/alert-row.js";

/** A message about an incident. */
export interface Notice {
  readonly alert: Alert;
  readonly saying: Saying;
  /**
   * How many messages this sink has received about the incident. Together with the id and the kind of message it
   * identifies the message.
   */
  readonly times: number;
}

/** A destination of alerts. */
export interface AlertSink {
  /** As in `alert_notices.sink`. */
  readonly name: string;
  /** The most messages in one request. */
  readonly most: number;
  /** Whether it also receives notices of ordinary events. */
  readonly takesNotices: boolean;
  /** Sends all messages, or throws; then all of them are sent again later, under the same ids. */
  send(notices: readonly Notice[], signal: AbortSignal): Promise<void>;
}
