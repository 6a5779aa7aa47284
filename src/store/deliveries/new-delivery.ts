import type { Compressed } from "./compression.js";

/** What the headers of a delivery say, as far as it is kept. */
export interface NewDeliveryHeaders {
  readonly guid: string;
  readonly event: string;
  readonly contentType: string;
  readonly hookId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly userAgent: string | null;
}

/** A verified delivery on its way into `deliveries` and `delivery_bodies`. */
export interface NewDelivery {
  readonly headers: NewDeliveryHeaders;
  /** How many bytes were signed. */
  readonly bodyBytes: number;
  /** Equal for a delivery and its replay under another GUID; null where a payload may repeat. */
  readonly dedupeKey: Buffer | null;
  /** The bytes that were signed. */
  readonly stored: Compressed;
}

/** What became of a new delivery: its row is committed. */
export interface Recorded {
  /** Its GUID, or its event and body, were there before. */
  readonly duplicate: boolean;
  /** The id of the row that a worker should be woken for; null when nothing is left to do. */
  readonly wake: string | null;
}
