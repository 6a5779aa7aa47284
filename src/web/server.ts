import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../errors.js";
import type { RequestHandler } from "../http/server.js";

export interface WebServer {
  readonly url: string;
  /** Accepts no more connections; resolves when the open requests are answered, or after the patience (ms). */
  close(patienceMs: number): Promise<void>;
}

/** Passes each request to the first handler that accepts it; 404 when none does. */
export function firstOf(handlers: readonly RequestHandler[]): RequestListener {
  return (req, res) => {
    if (handlers.some((handle) => handle(req, res))) return;
    res.writeHead(404, { "content-type": "application/json; charset=utf-8" });
    res.end(`${JSON.stringify({ error: "not found" })}\n`);
  };
}

/**
 * Starts to listen.
 * @throws ConfigError when the port is taken or not allowed.
 */
export async function listen(
  server: Server,
  options: { readonly host: string; readonly port: number },
): Promise<WebServer> {
  await bound(server, options);
  const { port } = addressOf(server);
  const shown = options.host === "0.0.0.0" || options.host === "::" ? "localhost" : options.host;
  return {
    url: `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`,
    async close(patienceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), patienceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function bound(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new ConfigError([
          {
            variable: error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND" ? "HOST" : "PORT",
            problem: `cannot listen on ${host}:${port} (${error.code ?? error.message})`,
            remedy:
              error.code === "EADDRINUSE"
                ? "Stop what listens there, or set another PORT."
                : "Set another HOST or PORT.",
          },
        ]),
      );
    });
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no TCP address");
  return address;
}
