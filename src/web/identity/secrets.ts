import { createHash, randomBytes } from "node:crypto";

/** 256 random bits for a cookie, a state or a token. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The stored hash: a reader of the table cannot sign in with it. A secret of 256 bits needs no slow hash. */
export function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/**
 * The PKCE verifier of one sign-in. It is derived from the secret that only the browser has, so the tables do not
 * contain it.
 */
export function verifierOf(browserSecret: string, state: string): string {
  return createHash("sha256").update(`pkce ${browserSecret} ${state}`).digest("base64url");
}
