import { createHmac } from "node:crypto";

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA-256 over `id.timestamp.body`. A secret
 * `whsec_…` is base64 of the key; any other text is the key itself.
 */
export function signatureHeaders(message: {
  readonly id: string;
  readonly body: string;
  readonly secret: string;
  readonly now: Date;
}): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(message.now.getTime() / 1000));
  const key = message.secret.startsWith("whsec_")
    ? Buffer.from(message.secret.slice("whsec_".length), "base64")
    : Buffer.from(message.secret);
  const digest = createHmac("sha256", key).update(`${message.id}.${timestamp}.${message.body}`).digest("base64");
  return { "webhook-id": message.id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${digest}` };
}
