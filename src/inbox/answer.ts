import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "./refusal.js";

/** Seconds after which a sender may try again; GitHub does not by itself, our redelivery sweep does. */
const RETRY_AFTER_S = "5";
/** A body that is announced to be this small is read and thrown away, so that its connection can be used again. */
const SMALL_BODY = 64 * 1024;

/** Answers 202: the delivery is committed. */
export function accept(response: ServerResponse, guid: string, duplicate: boolean): void {
  const body = `{"id":"${guid}","duplicate":${duplicate}}`;
  response.writeHead(202, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

/**
 * Answers a refusal. What is left of the body is not read: the answer is written, the sender gets `lingerMs` to read
 * it, and the connection is cut. Closing at once would reset it, and the sender might never see why.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, lingerMs: number): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify({ error: refusal.reason });
  const cut = !request.complete && !isSmall(request);
  response.writeHead(refusal.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(refusal.status === 405 && { allow: "POST" }),
    ...(refusal.status === 503 && { "retry-after": RETRY_AFTER_S }),
    ...(cut && { connection: "close" }),
  });
  if (!cut) {
    request.resume();
    response.end(body);
    return;
  }
  request.pause();
  // Deliberately not `end`: Node would read the rest of the body off the wire.
  response.write(body);
  const timer = setTimeout(() => request.destroy(), lingerMs);
  response.once("close", () => clearTimeout(timer));
}

function isSmall(request: IncomingMessage): boolean {
  const length = request.headers["content-length"];
  return length !== undefined && Number(length) <= SMALL_BODY && !request.isPaused();
}
