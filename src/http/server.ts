import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Log } from "../log.js";
import { admission } from "./admission.js";
import { watchConnections } from "./connections.js";
import { SERVER_LIMITS, SERVER_OPTIONS, type ServerLimits } from "./limits.js";
import { refusal, refuse } from "./refusal.js";
import { originForm } from "./request-path.js";

/** Answers a request and says so, or leaves it to the next. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpServerOptions {
  /**
   * Asked first, in this order, with room of their own: the inbox, which has its own limits, and what answers at once
   * or from an answer that all share. They must not read a body without a limit.
   */
  readonly free?: readonly RequestHandler[];
  /** Everything else. It may have `answers` under way, and finds each body read: `bodyOf(request)`. */
  readonly next: RequestListener;
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly log: Log;
}

/**
 * The HTTP server of every port of ours: bounds connections, requests without an answer, answers at once and bodies,
 * whatever the path. A sender that asks first (`Expect: 100-continue`) is refused before it sends its body.
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
