import { createServer, type RequestListener, type Server } from "node:http";
import type { Inbox } from "./inbox.js";
import { INBOX_SERVER_OPTIONS } from "./limits.js";

/**
 * The HTTP server with the inbox in front: what is not a delivery goes to `next`. A sender that asks first
 * (`Expect: 100-continue`) is refused before it sends its body.
 */
export function createInboxServer(inbox: Inbox, next: RequestListener): Server {
  const server = createServer(INBOX_SERVER_OPTIONS, (request, response) => {
    if (!inbox.handle(request, response)) next(request, response);
  });
  server.on("checkContinue", (request, response) => {
    if (inbox.handle(request, response)) return;
    response.writeContinue();
    next(request, response);
  });
  return server;
}
