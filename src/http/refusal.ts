import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Why a request is not taken, as answered over HTTP. 400 malformed, 401 bad or missing signature, 405 wrong method,
 * 408 too slow, 413 over the limit, 503 no room, or not made durable.
 */
export interface Refusal {
  readonly status: 400 | 401 | 405 | 408 | 413 | 503;
  readonly reason: string;
  /** Methods that the path takes; sent with 405. */
  readonly allow?: string;
}

export function refusal(status: Refusal["status"], reason: string): Refusal {
  return { status, reason };
}

/** Seconds after which a sender may try again; GitHub does not by itself, our redelivery sweep does. */
const RETRY_AFTER_S = "5";
/** A body that is announced to be this small is read and thrown away, so that its connection can be used again. */
const SMALL_BODY = 64 * 1024;

/**
 * Answers a refusal. What is left of the body is not read: the answer is written, the sender gets `lingerMs` to read
 * it, and the connection is cut. Closing at once would reset it, and the sender might never see why.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, lingerMs: number): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify({ error: refusal.reason });
  const cut = hasMore(request);
  response.writeHead(refusal.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(refusal.allow !== undefined && { allow: refusal.allow }),
    ...(refusal.status === 503 && { "retry-after": RETRY_AFTER_S }),
    ...(cut && { connection: "close" }),
  });
  if (!cut) {
    request.resume();
    response.end(body);
    return;
  }
  stopReading(request);
  // Deliberately not `end`: Node would read the rest of the body off the wire.
  if (request.method === "HEAD") response.flushHeaders();
  else response.write(body);
  const timer = setTimeout(() => request.destroy(), lingerMs);
  response.once("close", () => clearTimeout(timer));
}

/** Whether more of the body may come than is worth reading for the sake of the connection. */
export function hasMore(request: IncomingMessage): boolean {
  if (request.complete || !hasBody(request)) return false;
  const length = request.headers["content-length"];
  return length === undefined || Number(length) > SMALL_BODY || request._read === ignore;
}

/** Whether the headers announce a body. A request without one is not `complete` yet when it is handed out. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * Takes nothing more from the connection. `pause` alone would not do: Node reads on until 64 KiB of body wait, which in
 * chunks of one byte are 15 MB of buffers. What was parsed already is dropped.
 */
export function stopReading(request: IncomingMessage): void {
  request._read = ignore;
  request.removeAllListeners("data").on("data", ignore).resume();
  request.socket.pause();
}

function ignore(): void {}
