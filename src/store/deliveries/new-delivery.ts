import type { Encoding } from "./compression.js";

/** A verified delivery on its way into `deliveries` and `delivery_bodies`. */
export interface NewDelivery {
  readonly guid: string;
  readonly event: string;
  readonly contentType: string;
  readonly hookId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly userAgent: string | null;
  /** SHA-256 of the bytes that were signed, and their number. */
  readonly bodySha256: Buffer;
  readonly bodyBytes: number;
  /** Equal for a delivery and its replay under another GUID; null where a payload may repeat. */
  readonly dedupeKey: Buffer | null;
  /** The bytes that were signed, compressed. */
  readonly encoding: Encoding;
  readonly body: Buffer;
}

/** What became of a new delivery: its row is committed. */
export interface Recorded {
  /** Its GUID, or its event and body, were there before. */
  readonly duplicate: boolean;
  /** The id of the row that a worker should be woken for; null when nothing is left to do. */
  readonly wake: string | null;
}
