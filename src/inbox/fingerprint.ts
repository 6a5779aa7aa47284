import { hash } from "node:crypto";
import { UNREPEATABLE_EVENTS } from "../domain.js";

/**
 * What two deliveries have in common when one replays the other: SHA-256 of the event's name and of the MAC that the body
 * was verified by. No second hash goes over the body, and the table does not hold the signature itself. Null for events
 * whose payload may repeat.
 */
export function dedupeKey(event: string, mac: Buffer): Buffer | null {
  if (!UNREPEATABLE_EVENTS.has(event)) return null;
  return hash("sha256", Buffer.concat([Buffer.from(`${event}\0`), mac]), "buffer");
}
