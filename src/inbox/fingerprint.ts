import { createHash } from "node:crypto";
import { UNREPEATABLE_EVENTS } from "../domain.js";
import type { Compressed } from "../store/deliveries/compression.js";

/**
 * What two deliveries have in common when one replays the other: SHA-256 of the event's name, how the body is stored, and
 * the body. A small one is hashed as it is stored, which is a fraction of its bytes and the same for the same body; what
 * becomes of a large one depends on the pieces in which it came, and so it is hashed as it was signed. Null for events
 * whose payload may repeat.
 */
export function dedupeKey(event: string, signed: readonly Buffer[], { encoding, body }: Compressed): Buffer | null {
  if (!UNREPEATABLE_EVENTS.has(event)) return null;
  const hash = createHash("sha256").update(`${event}\0${encoding}\0`);
  for (const chunk of encoding === "snappy" ? [body] : signed) hash.update(chunk);
  return hash.digest();
}
