import { createPrivateKey } from "node:crypto";

/**
 * The PEM text of an RSA private key, from PEM with real or escaped newlines, or from base64 of PEM.
 * @throws Error from `node:crypto` when it is not a private key; its message never contains the key.
 */
export function parsePrivateKey(raw: string): string {
  const text = raw.includes("-----BEGIN") ? raw.replaceAll("\\n", "\n") : Buffer.from(raw, "base64").toString("utf8");
  const key = createPrivateKey(text.trim());
  if (key.asymmetricKeyType !== "rsa") throw new TypeError("not an RSA key");
  return text.trim();
}
