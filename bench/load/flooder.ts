import { connect } from "node:net";
import { FloodOrder, type FloodResult } from "./orders.js";

const BLOCK = Buffer.alloc(64 * 1024, "x");
const CHUNK = Buffer.concat([Buffer.from(`${BLOCK.length.toString(16)}\r\n`), BLOCK, Buffer.from("\r\n")]);

// A process of its own: all senders at once, each as fast as it may.
process.on("message", (message) => {
  void flood(FloodOrder.parse(message)).then((result) => process.send?.(result));
});

async function flood(order: FloodOrder): Promise<FloodResult> {
  const senders = await Promise.all(Array.from({ length: order.senders }, () => sendOne(order)));
  const statuses: Record<string, number> = {};
  for (const { status } of senders) statuses[status] = (statuses[status] ?? 0) + 1;
  return { statuses, sentBytes: senders.reduce((sum, { sent }) => sum + sent, 0) };
}

function sendOne(order: FloodOrder): Promise<{ readonly status: number; readonly sent: number }> {
  return new Promise((resolve) => {
    const socket = connect(order.port, "127.0.0.1");
    const length = order.chunked ? "transfer-encoding: chunked" : `content-length: ${order.bytes}`;
    const head = [`POST ${order.path} HTTP/1.1`, "host: localhost", "content-type: application/json", length];
    let status = 0;
    let sent = 0;
    const more = (): void => {
      if (status !== 0) return;
      while (sent < order.bytes) {
        sent += BLOCK.length;
        if (!socket.write(order.chunked ? CHUNK : BLOCK)) return;
      }
      if (order.chunked) socket.write("0\r\n\r\n");
    };
    socket.on("connect", () => {
      socket.write(`${[...head, ...order.headers].join("\r\n")}\r\n\r\n`);
      more();
    });
    socket.on("drain", more);
    socket.setEncoding("latin1").on("data", (text: string) => {
      if (status === 0) status = Number(text.slice(9, 12));
    });
    // Cut off while it sends: that is what a flood is to meet.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ status, sent }));
  });
}
