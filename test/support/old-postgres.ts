import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** Speaks PostgreSQL's protocol just far enough to say that it is version 12. The caller closes it. */
export async function startOldPostgres(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    let started = false;
    socket.on("data", (data) => {
      if (!started) {
        started = true;
        // Authentication is well (R, 0); ready for a query (Z, idle).
        socket.write(Buffer.concat([message("R", int32(0)), message("Z", Buffer.from("I"))]));
      } else if (data[0] === "Q".charCodeAt(0)) socket.write(answer(["120022", "on"]));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `postgres://nobody:nothing@127.0.0.1:${port}/old`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** One row of two texts, as the doctor asks for them: RowDescription, DataRow, CommandComplete, ReadyForQuery. */
function answer([num, commit]: readonly [string, string]): Buffer {
  const TEXT = 25;
  const field = (name: string): Buffer =>
    Buffer.concat([text(name), int32(0), int16(0), int32(TEXT), int16(-1), int32(-1), int16(0)]);
  const value = (content: string): Buffer => Buffer.concat([int32(content.length), Buffer.from(content)]);
  return Buffer.concat([
    message("T", Buffer.concat([int16(2), field("num"), field("synchronous_commit")])),
    message("D", Buffer.concat([int16(2), value(num), value(commit)])),
    message("C", text("SELECT 1")),
    message("Z", Buffer.from("I")),
  ]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function text(content: string): Buffer {
  return Buffer.from(`${content}\0`);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}
