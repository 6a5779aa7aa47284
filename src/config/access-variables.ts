import { z } from "zod";
import { define } from "./define.js";
import { logins, MIN_SECRET, url } from "./values.js";

/** Access to this server and its endpoints. */
export const ACCESS_VARIABLES = {
  webhookProxyUrl: define(
    "Server",
    "WEBHOOK_PROXY_URL",
    url(/^https?$/),
    "The channel of a webhook proxy such as smee.io, to receive deliveries on a laptop. Not for production.",
    { remedy: "Give the channel's address, such as https://smee.io/….", secret: true },
  ),
  adminToken: define(
    "Server",
    "ADMIN_TOKEN",
    z.string().min(MIN_SECRET, `must have at least ${MIN_SECRET} characters`),
    "The operator's token for the HTTP API (Authorization: Bearer …). Unset: the API refuses every request.",
    { remedy: "Make one with `openssl rand -hex 32`.", secret: true },
  ),
  adminLogins: define(
    "Server",
    "ADMIN_LOGINS",
    logins,
    "GitHub logins of this server's operators, comma-separated. They also see rows that belong to no installation.",
    { remedy: "Give logins such as monalisa,hubot.", example: "monalisa" },
  ),
  metricsToken: define(
    "Server",
    "METRICS_TOKEN",
    z.string().min(MIN_SECRET, `must have at least ${MIN_SECRET} characters`),
    "The token that reading /metrics requires (Authorization: Bearer …). Unset: everybody who reaches the port can read it.",
    { remedy: "Make one with `openssl rand -hex 32`.", secret: true },
  ),
} as const;
