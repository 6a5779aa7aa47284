import { messageOf } from "../errors.js";
import type { Log } from "../log.js";

export interface WebhookProxy {
  close(): Promise<void>;
}

/**
 * Receives deliveries from a channel such as smee.io and posts them to this server, for a laptop that GitHub cannot
 * reach. Deliveries that the channel loses are missing until recovery requests them. Not for production.
 */
export async function openWebhookProxy(source: string, serverUrl: string, log: Log): Promise<WebhookProxy> {
  const { SmeeClient } = await import("smee-client");
  const client = new SmeeClient({
    source,
    target: `${serverUrl}/api/github/webhooks`,
    logger: {
      info: () => undefined,
      error: (...what: unknown[]) =>
        log.warn({ reason: what.map(messageOf).join(" ") }, "webhook proxy failed; reconnecting"),
    },
  });
  // It reconnects by itself, so an unavailable channel is not a reason to stop.
  client.start().then(
    () => log.info("webhook proxy connected"),
    (error: unknown) => log.warn({ reason: messageOf(error) }, "webhook proxy does not answer; reconnecting"),
  );
  return { close: () => client.stop() };
}
