import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

/** How a receiver behaves: answers with a status, or never. */
export type Behaviour = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | "silent";

export interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Message[];
  behave(as: Behaviour): void;
  close(): Promise<void>;
}

/** A receiver of webhooks over real HTTP; on `port`, where one listened before, it is back again. */
export async function startReceiver(port = 0): Promise<Receiver> {
  let behaviour: Behaviour = { status: 200 };
  const received: Message[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      if (behaviour !== "silent") response.writeHead(behaviour.status, behaviour.headers).end("ok");
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const bound = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${bound}/hook/token-in-the-path`,
    received,
    behave(as) {
      behaviour = as;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
