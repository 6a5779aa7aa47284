import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createBudget } from "./budget.js";
import type { Connections } from "./connections.js";
import type { ServerLimits } from "./limits.js";
import { readBody } from "./read-body.js";
import { hasBody, refusal, refuse } from "./refusal.js";
import { pathOf } from "./request-path.js";

export interface AdmissionOptions {
  readonly limits: ServerLimits;
  readonly connections: Pick<Connections, "onOver">;
  readonly next: RequestListener;
}

/** Bodies that wait for their handlers, of all paths together. */
const HELD_BYTES = 8 * 1024 * 1024;
const BODIES = new WeakMap<IncomingMessage, Buffer>();
const NO_BODY = Buffer.alloc(0);

/** The body of an admitted request; empty if it had none. */
export function bodyOf(request: IncomingMessage): Buffer {
  return BODIES.get(request) ?? NO_BODY;
}

/**
 * Admits requests to `next`: limits the number at once and for each path, and reads each body within its limit. Others
 * are refused: 503 without room, 413 for a large body, 400 for one in tiny pieces, 408 for a slow one.
 */
export function admission({ limits, connections, next }: AdmissionOptions): RequestListener {
  const budget = createBudget({ heldBytes: HELD_BYTES, heldLargeBytes: HELD_BYTES, largeBody: HELD_BYTES });
  const byPath = new Map<string, number>();
  let all = 0;

  /** False without a free place; a place is released when the answer has ended. */
  function enter(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const own = limits.paths[path]?.answers;
    const here = byPath.get(path) ?? 0;
    // A path with its own limit does not use the shared places.
    if (here >= (own ?? limits.answersPerPath) || (own === undefined && all >= limits.answers)) return false;
    byPath.set(path, here + 1);
    if (own === undefined) all += 1;
    connections.onOver(request, response, () => {
      const left = (byPath.get(path) ?? 1) - 1;
      if (left > 0) byPath.set(path, left);
      else byPath.delete(path);
      if (own === undefined) all -= 1;
    });
    return true;
  }

  async function takeBody(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const share = budget.open();
    connections.onOver(request, response, () => share.free());
    const limitBytes = limits.paths[path]?.bodyBytes ?? limits.bodyBytes;
    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > limitBytes)
      return refuse(request, response, refusal(413, `the body is over ${limitBytes} bytes`), limits.lingerMs);
    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await readBody(request, { limitBytes, timeoutMs: limits.bodyMs, share });
    if (body.kind === "aborted") return;
    if (body.kind === "refused") return refuse(request, response, body.refusal, limits.lingerMs);
    const rawBody = Buffer.concat(body.chunks, body.bytes);
    BODIES.set(request, rawBody);
    // The property in which @hono/node-server finds a body that was already read.
    next(Object.assign(request, { rawBody }), response);
  }

  return (request, response) => {
    const path = pathOf(request);
    if (!enter(request, response, path))
      refuse(request, response, refusal(503, "too many requests are being answered"), limits.lingerMs);
    else if (hasBody(request)) void takeBody(request, response, path);
    else next(request, response);
  };
}
