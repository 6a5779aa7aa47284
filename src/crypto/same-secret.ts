import { createHash, timingSafeEqual } from "node:crypto";

/** Compares digests, which have the same length, in constant time. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
