import type { OutgoingEvent } from "./cloud-event.js";

/** Where events go: RabbitMQ, a webhook, a Redis stream. */
export interface EventSink {
  /** As in `event_cursors.name`. */
  readonly name: string;
  /** How many events are read for one call of `send`. */
  readonly most: number;
  /** Whether the subscriber can refuse a single event, which then becomes a dead letter. */
  readonly givesUp: boolean;
  /**
   * Sends the events in this order and calls `accepted` for each that the subscriber has for good, in the same order.
   * Rejects at the first that it cannot send: it and the following ones are sent again later.
   */
  send(events: readonly OutgoingEvent[], accepted: (event: OutgoingEvent) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
