import type { EventName } from "../organisation/delivery.js";

/** One attempt to deliver, as `GET /app/hook/deliveries` shows it. */
export interface DeliveryRecord {
  readonly id: number;
  readonly guid: string;
  readonly event: EventName;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  readonly headers: { readonly [name: string]: string };
  /** The exact bytes that were signed. */
  readonly body: string;
  readonly deliveredAt: Date;
  durationMs: number;
  /** What the receiver answered; 502 when it could not be reached and 504 when it was too slow, as at GitHub. */
  statusCode: number;
  status: string;
  response: string;
}
