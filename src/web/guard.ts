import type { RequestHandler } from "../http/server.js";
import { answerJson } from "./json.js";

/** Runs before pages and API: sets the headers of every answer, and checks the Host header against DNS rebinding. */
export function createGuard(publicUrl: string | undefined): RequestHandler {
  const own = publicUrl === undefined ? null : new URL(publicUrl);
  return (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("x-frame-options", "DENY");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    response.setHeader("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    // Answers that are not pages may not run anything; pages set their own policy.
    response.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    if (own === null) return false;
    if (own.protocol === "https:") response.setHeader("strict-transport-security", "max-age=31536000");
    const host = request.headers.host ?? "";
    // Commands, probes and proxies on this machine use local names.
    if (host.toLowerCase() === own.host || isLoopback(host) || request.headers.authorization !== undefined)
      return false;
    answerJson(response, 421, { error: `this server is ${own.origin}; the request names another host` });
    return true;
  };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}
