import { createHmac, createSecretKey, type Hmac, timingSafeEqual } from "node:crypto";

/** Computes the signature of one body under each configured secret while its bytes arrive. */
export interface Verification {
  update(chunk: Buffer): void;
  /**
   * Null unless `signature` (hex) is the HMAC-SHA-256 of the bytes under one of the secrets. Every secret is compared
   * in constant time. The result is the HMAC under the last secret, whichever secret matched, so that the same bytes
   * always give the same value. Call it once.
   */
  check(signature: string): Buffer | null;
}

/**
 * Verifies against several secrets, so that a secret can be rotated without losing a delivery.
 * @throws RangeError without a secret, or with an empty one, which would accept any signature.
 */
export function createVerifier(secrets: readonly string[]): () => Verification {
  if (secrets.length === 0 || secrets.some((secret) => secret === ""))
    throw new RangeError("at least one webhook secret is required");
  const keys = secrets.map((secret) => createSecretKey(secret, "utf8"));
  return () => start(keys.map((key) => createHmac("sha256", key)));
}

function start(macs: readonly Hmac[]): Verification {
  return {
    update(chunk) {
      for (const mac of macs) mac.update(chunk);
    },
    check(signature) {
      const given = Buffer.from(signature, "hex");
      let matched = 0;
      let last: Buffer | null = null;
      for (const mac of macs) {
        const expected = mac.digest();
        last = expected;
        // Deliberately not `some`: it would stop at the first match, and its duration would reveal which secret
        // matched.
        if (given.length === expected.length && timingSafeEqual(given, expected)) matched++;
      }
      return matched > 0 ? last : null;
    },
  };
}
