import { postJson } from "../../alerts/post-json.js";
import { signatureHeaders } from "../../alerts/sign.js";
import type { Clock } from "../../domain.js";
import type { EventSink } from "../sink.js";

export interface WebhookSinkOptions {
  readonly url: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly patienceMs?: number;
}

/** Posts each event separately, in order, signed as in Standard Webhooks. The id of the message is the event's. */
export function webhookSink({ url, secret, clock, patienceMs }: WebhookSinkOptions): EventSink {
  return {
    name: "webhook",
    most: 50,
    givesUp: true,
    async send(events, accepted, signal) {
      for (const event of events) {
        const now = clock.now();
        const headers = {
          ...signatureHeaders({ id: event.id, body: event.json, secret, now }),
          "content-type": "application/cloudevents+json",
        };
        await postJson({
          url,
          body: event.json,
          headers,
          signal,
          now,
          ...(patienceMs !== undefined && { patienceMs }),
        });
        accepted(event);
      }
    },
    close: () => Promise.resolve(),
  };
}
