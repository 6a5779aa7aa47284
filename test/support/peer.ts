import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, vi } from "vitest";
import { createHttpServer, type HttpServerOptions } from "../../src/http/server.js";
import { createInbox, WEBHOOK_PATHS } from "../../src/inbox/inbox.js";
import { openStore } from "../../src/store/store.js";
import { createProbes } from "../../src/web/probes.js";
import { firstOf } from "../../src/web/server.js";
import { SECRET, silent, systemClock } from "./inbox.js";

export const WEBHOOKS = WEBHOOK_PATHS[0] ?? "";
/** Headers that the inbox accepts, until it has the body that they do not sign. */
export const FORGED = [
  "content-type: application/json",
  "x-github-event: push",
  "x-github-delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958",
  `x-hub-signature-256: sha256=${"0".repeat(64)}`,
];

/** The server of a web process, for requests that get no further than its limits: there is no database. @returns its port. */
export async function startHttp(options: Partial<HttpServerOptions> = {}): Promise<number> {
  const store = openStore({ url: "postgresql://127.0.0.1:1/none", poolSize: 1, applicationName: "test" });
  const inbox = createInbox({
    store,
    secrets: [SECRET],
    wake: () => Promise.resolve(),
    clock: systemClock,
    log: silent,
    limits: { lingerMs: 200 },
  });
  const free = [inbox.handle, createProbes({ checks: [], tokens: [], log: silent })];
  const limits = { lingerMs: 200, ...options.limits };
  const server = createHttpServer({ free, next: firstOf([]), log: silent, ...options, limits });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    await store.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** One connection, and all that came on it. */
export interface Peer {
  readonly socket: Socket;
  text(): string;
}

export function dial(port: number, text = ""): Peer {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => (received += part));
  // Being cut off is what these peers are here for.
  socket.on("error", () => undefined);
  socket.write(text);
  return { socket, text: () => received };
}

/** The lines of a request up to its body. */
export function head(line: string, headers: readonly string[] = []): string {
  return `${[`${line} HTTP/1.1`, "host: localhost", ...headers].join("\r\n")}\r\n\r\n`;
}

/** Waits until what came matches. @returns all that came. */
export async function expectSaid(peer: Peer, pattern: RegExp): Promise<string> {
  await vi.waitFor(() => expect(peer.text()).toMatch(pattern), { timeout: 5_000 });
  return peer.text();
}

export async function expectClosed({ socket }: Peer): Promise<void> {
  await vi.waitFor(() => expect(socket.closed).toBe(true), { timeout: 5_000 });
}

/** The process answers others, whatever one sender does. */
export async function expectHealthy(port: number): Promise<void> {
  const peer = dial(port, head("GET /healthz"));
  await expectSaid(peer, /^HTTP\/1\.1 200 [^]*"alive"/);
  peer.socket.end();
}
