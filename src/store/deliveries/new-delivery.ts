import type { Compressed } from "./compression.js";

/** The stored headers of a delivery. */
export interface NewDeliveryHeaders {
  readonly guid: string;
  readonly event: string;
  readonly contentType: string;
  readonly hookId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly userAgent: string | null;
}

/** A verified delivery, to be stored in `deliveries` and `delivery_bodies`. */
export interface NewDelivery {
  readonly headers: NewDeliveryHeaders;
  /** The number of signed bytes. */
  readonly bodyBytes: number;
  /** Equal for a delivery and its replay under another GUID; null if the payload may repeat. */
  readonly dedupeKey: Buffer | null;
  /** The signed bytes. */
  readonly stored: Compressed;
}

/** The result for a delivery. Its row is committed. */
export interface Recorded {
  /** The GUID, or the event and body, existed before. */
  readonly duplicate: boolean;
  /** The id of the row that a worker should process; null: no work is left. */
  readonly wake: string | null;
}
