import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import type { Clock } from "../../src/domain.js";
import { createInbox, type InboxOptions } from "../../src/inbox/inbox.js";
import { createHttpServer } from "../../src/http/server.js";
import { createLog } from "../../src/log.js";

export const SECRET = "a secret for tests, long enough";
export const systemClock: Clock = { now: () => new Date() };
export const silent = createLog({ level: "silent" });

export interface TestInbox {
  readonly port: number;
  /** Every wake-up, in order. */
  readonly woken: (readonly string[])[];
  /** Connections that were ever opened. */
  connections(): number;
  /** Posts a delivery and waits for its answer. */
  post(delivery?: TestDelivery): Promise<Answer>;
  /** Takes nothing more; resolves when all that was taken is answered. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface TestDelivery {
  readonly body?: Buffer | string;
  readonly event?: string;
  readonly guid?: string;
  readonly secret?: string;
  readonly path?: string;
  readonly method?: string;
  /** Default: a connection of its own. */
  readonly agent?: Agent;
  /** Overrides; undefined removes a header. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly guid: string;
}

/** The inbox over real HTTP on the loopback; what is not its own is answered 404. */
export async function startInbox(options: Pick<InboxOptions, "store"> & Partial<InboxOptions>): Promise<TestInbox> {
  const woken: (readonly string[])[] = [];
  const inbox = createInbox({
    secrets: [SECRET],
    wake: async (ids) => void woken.push(ids),
    clock: systemClock,
    log: silent,
    ...options,
  });
  const server = createHttpServer({
    free: [inbox.handle],
    next: (_request, response) => response.writeHead(404).end(),
    log: silent,
  });
  let connections = 0;
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { port } = address;
  return {
    port,
    woken,
    connections: () => connections,
    post: (delivery) => post(port, delivery),
    drain: () => inbox.drain(),
    async close() {
      await inbox.drain();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function sign(body: Buffer | string, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** The headers that GitHub sends with a delivery. */
export function deliveryHeaders(delivery: TestDelivery & { readonly guid: string }): OutgoingHttpHeaders {
  const body = delivery.body ?? "{}";
  const headers: OutgoingHttpHeaders = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "user-agent": "GitHub-Hookshot/0000000",
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event ?? "issues",
    "x-github-hook-id": "1",
    "x-github-hook-installation-target-id": "1",
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature-256": sign(body, delivery.secret),
  };
  for (const [name, value] of Object.entries(delivery.headers ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = typeof value === "string" ? value : [...value];
  }
  return headers;
}

/** Posts a delivery to whatever listens there, and waits for its answer. */
export function post(port: number, delivery: TestDelivery = {}): Promise<Answer> {
  const guid = delivery.guid ?? randomUUID();
  const { path = "/api/github/webhooks", method = "POST", body = "{}" } = delivery;
  return new Promise((resolve, reject) => {
    const headers = deliveryHeaders({ ...delivery, guid });
    const sent = request(
      { port, host: "127.0.0.1", path, method, headers, agent: delivery.agent ?? false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        const answer = (): void =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, guid });
        // A refused sender is cut off while it sends; what counts is that it could read why.
        response.on("end", answer).on("error", answer);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
