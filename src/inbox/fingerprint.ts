import { createHash } from "node:crypto";
import { UNREPEATABLE_EVENTS } from "../domain.js";

/** SHA-256 of the bytes that were signed. */
export function hashBody(chunks: readonly Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest();
}

/**
 * What two deliveries have in common when one replays the other: SHA-256 of the event's name, a NUL, and the body's
 * hash. Null for events whose payload may repeat.
 */
export function dedupeKey(event: string, bodySha256: Buffer): Buffer | null {
  if (!UNREPEATABLE_EVENTS.has(event)) return null;
  return createHash("sha256").update(`${event}\0`).update(bodySha256).digest();
}
