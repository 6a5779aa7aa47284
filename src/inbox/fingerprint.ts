import { hash } from "node:crypto";
import { UNREPEATABLE_EVENTS } from "../domain.js";

/**
 * Equal for two deliveries when one replays the other: a SHA-256 of the event's name and of the body's verified MAC.
 * The body needs no second hash, and the table does not contain the signature. Null for events whose payload may
 * repeat.
 */
export function dedupeKey(event: string, mac: Buffer): Buffer | null {
  if (!UNREPEATABLE_EVENTS.has(event)) return null;
  return hash("sha256", Buffer.concat([Buffer.from(`${event}\0`), mac]), "buffer");
}
