import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Log } from "../log.js";
import { admission } from "./admission.js";
import { watchConnections } from "./connections.js";
import { SERVER_LIMITS, SERVER_OPTIONS, type ServerLimits } from "./limits.js";
import { refusal, refuse } from "./refusal.js";
import { originForm } from "./request-path.js";

/** Answers a request and returns true, or leaves it to the next handler. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpServerOptions {
  /**
   * Called first, in this order, outside of the shared limits: the inbox, which has its own limits, and handlers that
   * answer at once or from a shared answer. They must not read a body without a limit.
   */
  readonly free?: readonly RequestHandler[];
  /** The other handlers. At most `answers` run at once, and each finds its body read: `bodyOf(request)`. */
  readonly next: RequestListener;
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly log: Log;
}

/**
 * The HTTP server of every port: limits connections, unanswered requests, concurrent answers and bodies on all paths. A
 * sender that asks first (`Expect: 100-continue`) is refused before it sends its body.
 */
export function createHttpServer({ free = [], next, limits: given, log }: HttpServerOptions): Server {
  const limits = { ...SERVER_LIMITS, ...given };
  const server = createServer(SERVER_OPTIONS);
  server.timeout = limits.stillMs;
  const connections = watchConnections(server, limits, (reason) =>
    log.warn({ reason }, "connection closed by a limit"),
  );
  const admitted = admission({ limits, connections, next });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (!connections.take(request, response)) return;
    const target = originForm(request.url ?? "");
    if (target === null)
      return refuse(request, response, refusal(400, "the request target is not a path"), limits.lingerMs);
    request.url = target;
    if (!free.some((one) => one(request, response))) admitted(request, response);
  };
  server.on("request", handle).on("checkContinue", handle);
  return server;
}
