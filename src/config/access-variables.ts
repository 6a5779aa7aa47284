import { z } from "zod";
import { define } from "./define.js";
import { logins, MIN_SECRET } from "./values.js";

/** Who may use the API and the pages beside the people whom GitHub names. */
export const ACCESS_VARIABLES = {
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
    "GitHub logins of this server's operators, comma-separated. They also see what belongs to no installation.",
    { remedy: "Give logins such as monalisa,hubot.", example: "monalisa" },
  ),
  metricsToken: define(
    "Server",
    "METRICS_TOKEN",
    z.string().min(MIN_SECRET, `must have at least ${MIN_SECRET} characters`),
    "Who reads /metrics has to send it (Authorization: Bearer …). Unset: everybody who reaches the port may.",
    { remedy: "Make one with `openssl rand -hex 32`.", secret: true },
  ),
} as const;
