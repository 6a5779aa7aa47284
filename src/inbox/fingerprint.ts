import { createHash, hash } from "node:crypto";
import { UNREPEATABLE_EVENTS } from "../domain.js";

/** SHA-256 of the bytes that were signed. */
export function hashBody(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  if (chunks.length === 1 && only) return hash("sha256", only, "buffer");
  const running = createHash("sha256");
  for (const chunk of chunks) running.update(chunk);
  return running.digest();
}

/**
 * What two deliveries have in common when one replays the other: SHA-256 of the event's name, a NUL, and the body's
 * hash. Null for events whose payload may repeat.
 */
export function dedupeKey(event: string, bodySha256: Buffer): Buffer | null {
  if (!UNREPEATABLE_EVENTS.has(event)) return null;
  return hash("sha256", Buffer.concat([Buffer.from(`${event}\0`), bodySha256]), "buffer");
}
