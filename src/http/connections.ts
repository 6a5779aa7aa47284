import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { parseNoMore } from "../unchecked.js";
import type { ServerLimits } from "./limits.js";
import { hasMore } from "./refusal.js";

/** The connections of one server, and the unfinished requests of each. */
export interface Connections {
  /** Counts a request; false when its connection was closed, and the request must not be answered. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Calls back when the answer was read or the connection closed. Only for an accepted request. */
  onOver(request: IncomingMessage, response: ServerResponse, over: () => void): void;
}

interface Connection {
  /** The unfinished requests, oldest first. */
  readonly open: Map<ServerResponse, { readonly request: IncomingMessage; readonly overs: (() => void)[] }>;
}

/** @param onCut called for each connection that a limit closed. */
export function watchConnections(
  server: Server,
  limits: Pick<ServerLimits, "connections" | "unanswered">,
  onCut: (reason: string) => void,
): Connections {
  /** Ordered by the time of their last change; idle ones wait for a request. */
  const idle = new Set<Socket>();
  const busy = new Map<Socket, Connection>();

  server.on("connection", (socket: Socket) => {
    if (idle.size + busy.size >= limits.connections) makeRoom();
    idle.add(socket);
    socket.once("close", () => {
      idle.delete(socket);
      const connection = busy.get(socket);
      busy.delete(socket);
      for (const { overs } of connection?.open.values() ?? []) for (const over of overs) over();
    });
  });

  /** A connection that waits for its answer is spared: it has sent a complete body. */
  function makeRoom(): void {
    const [oldest] = idle;
    const victim =
      oldest ?? [...busy].find(([, { open }]) => [...open.values()].some(({ request }) => !request.complete))?.[0];
    if (!victim) return;
    idle.delete(victim);
    onCut("too many connections");
    victim.destroy();
  }

  function answered(socket: Socket, request: IncomingMessage, response: ServerResponse): void {
    const connection = busy.get(socket);
    const overs = connection?.open.get(response)?.overs ?? [];
    connection?.open.delete(response);
    if (connection?.open.size === 0) {
      busy.delete(socket);
      if (!socket.destroyed) idle.add(socket);
    }
    for (const over of overs) over();
    // Node would read the rest of the body at the sender's pace.
    if (hasMore(request)) socket.destroy();
  }

  return {
    take(request, response) {
      const { socket } = request;
      if (socket.destroyed) return false;
      idle.delete(socket);
      let connection = busy.get(socket);
      if (!connection) busy.set(socket, (connection = { open: new Map() }));
      if (connection.open.size >= limits.unanswered) {
        parseNoMore(socket);
        socket.destroy();
        onCut("too many requests without an answer on one connection");
        return false;
      }
      connection.open.set(response, { request, overs: [] });
      response.once("close", () => answered(socket, request, response));
      return true;
    },
    onOver(request, response, over) {
      busy.get(request.socket)?.open.get(response)?.overs.push(over);
    },
  };
}
