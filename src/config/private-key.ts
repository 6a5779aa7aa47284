import { createPrivateKey } from "node:crypto";

/**
 * The PEM text of an RSA private key, from PEM with real or written-out newlines, or base64 of PEM.
 * @throws Error from `node:crypto` when it is no private key; its message never holds the key.
 */
export function parsePrivateKey(raw: string): string {
  const text = raw.includes("-----BEGIN") ? raw.replaceAll("\\n", "\n") : Buffer.from(raw, "base64").toString("utf8");
  const key = createPrivateKey(text.trim());
  if (key.asymmetricKeyType !== "rsa") throw new TypeError("not an RSA key");
  return text.trim();
}
