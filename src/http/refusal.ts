import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * The HTTP answer to a refused request. 400 malformed, 401 bad or missing signature, 405 wrong method, 408 too slow,
 * 413 over the limit, 503 no room, or not made durable.
 */
export interface Refusal {
  readonly status: 400 | 401 | 405 | 408 | 413 | 503;
  readonly reason: string;
  /** The allowed methods of the path; sent with 405. */
  readonly allow?: string;
}

export function refusal(status: Refusal["status"], reason: string): Refusal {
  return { status, reason };
}

/** Seconds until a retry may succeed. GitHub does not retry by itself, but recovery requests a redelivery. */
const RETRY_AFTER_S = "5";
/** A declared body up to this size is read and discarded, so that its connection can be reused. */
const SMALL_BODY = 64 * 1024;

/**
 * Answers a refusal without reading the rest of the body: the answer is written, the sender gets `lingerMs` to read it,
 * and the connection is closed. Closing at once would reset it, and the sender might never read the answer.
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
  // Deliberately not `end`, because Node would then read the rest of the body.
  if (request.method === "HEAD") response.flushHeaders();
  else response.write(body);
  const timer = setTimeout(() => request.destroy(), lingerMs);
  response.once("close", () => clearTimeout(timer));
}

/** Whether the rest of the body may be too large to read just to keep the connection. */
export function hasMore(request: IncomingMessage): boolean {
  if (request.complete || !hasBody(request)) return false;
  const length = request.headers["content-length"];
  return length === undefined || Number(length) > SMALL_BODY || request._read === ignore;
}

/** Whether the headers declare a body. A request without one is not `complete` yet at this point. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * Stops reading from the connection. `pause` alone is not enough: Node continues until 64 KiB of body wait, which is 15
 * MB of buffers for chunks of one byte. Parsed data is dropped.
 */
export function stopReading(request: IncomingMessage): void {
  request._read = ignore;
  request.removeAllListeners("data").on("data", ignore).resume();
  request.socket.pause();
}

function ignore(): void {}
