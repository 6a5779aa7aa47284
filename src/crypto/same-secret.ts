import { createHash, timingSafeEqual } from "node:crypto";

/** Compares in constant time, by digests: they have one length. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
