import { createHmac } from "node:crypto";

/** The headers of a delivery, its body signed with the secret over the raw bytes. */
export function deliveryHeaders(
  hook: { readonly appId: number; readonly secret: string },
  delivery: { readonly event: string; readonly guid: string },
  body: string,
): { readonly [name: string]: string } {
  const sign = (algorithm: "sha1" | "sha256") => createHmac(algorithm, hook.secret).update(body).digest("hex");
  return {
    Accept: "*/*",
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/simulated",
    "X-GitHub-Delivery": delivery.guid,
    "X-GitHub-Event": delivery.event,
    "X-GitHub-Hook-ID": "1",
    "X-GitHub-Hook-Installation-Target-ID": String(hook.appId),
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    "X-Hub-Signature": `sha1=${sign("sha1")}`,
    "X-Hub-Signature-256": `sha256=${sign("sha256")}`,
  };
}
