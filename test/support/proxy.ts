import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be cut: stands for a server that is restarted, or a network that is gone. */
export interface Proxy {
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Accepts again, on the same port; to another server when one is given. */
  restore(target?: number): Promise<void>;
  /** Connections through it at this moment. */
  connections(): number;
}

/** A TCP proxy on a free port of the loopback. */
export async function startProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let target = targetPort;
  let server = serve(target, sockets);
  const port = await listen(server, 0);
  return {
    port,
    connections: () => sockets.size,
    async cut() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async restore(next = target) {
      target = next;
      server = serve(target, sockets);
      await listen(server, port);
    },
  };
}

function serve(target: number, sockets: Set<Socket>): Server {
  return createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    sockets.add(client);
    client.on("close", () => sockets.delete(client));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
  });
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}
