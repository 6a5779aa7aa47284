import type { OutgoingEvent } from "./cloud-event.js";

/** A destination of events: RabbitMQ, a webhook, a Redis stream. */
export interface EventSink {
  /** As in `event_cursors.name`. */
  readonly name: string;
  /** The most events in one call of `send`. */
  readonly most: number;
  /** Whether the subscriber can refuse a single event, which then becomes a dead letter. */
  readonly givesUp: boolean;
  /**
   * Sends the events in order, and calls `accepted` for each that the subscriber has durably accepted. Rejects at the
   * first failure; that event and the following ones are sent again later.
   */
  send(events: readonly OutgoingEvent[], accepted: (event: OutgoingEvent) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
