import { createHash, type Hash } from "node:crypto";

const BLOCK = 64;

/** HMAC-SHA-256 (RFC 2104) of bodies that differ only at their end: what they share is hashed once. */
export function createSigner(secret: string, shared: Buffer): (rest: Buffer) => string {
  const key = Buffer.alloc(BLOCK);
  const bytes = Buffer.from(secret);
  (bytes.length > BLOCK ? createHash("sha256").update(bytes).digest() : bytes).copy(key);
  const padded = (pad: number): Hash => createHash("sha256").update(key.map((byte) => byte ^ pad));
  const inner = padded(0x36).update(shared);
  const outer = padded(0x5c);
  return (rest) => outer.copy().update(inner.copy().update(rest).digest()).digest("hex");
}
