import { connect } from "node:net";

/** One keep-alive connection that has one request under way at a time. */
export interface Client {
  /** Sends a request, whose bytes must stay as they are until it is answered. @returns the answer's status. */
  send(request: Buffer): Promise<number>;
  close(): void;
}

/** More than any answer of a server under test. */
const ANSWER_BYTES = 16 * 1024;

/** A client that costs as little as it can: the machine's time belongs to the server under test. */
export function openClient(port: number): Promise<Client> {
  return new Promise((opened, failed) => {
    let received = "";
    let settle: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null;
    const onRead = (bytes: number, buffer: Uint8Array): boolean => {
      received += Buffer.from(buffer.buffer, buffer.byteOffset, bytes).toString("latin1");
      const status = completeStatus(received);
      if (status === null) return true;
      received = "";
      const done = settle;
      settle = null;
      done?.resolve(status);
      return true;
    };
    const onread = { buffer: Buffer.alloc(ANSWER_BYTES), callback: onRead };
    const socket = connect({ port, host: "127.0.0.1", noDelay: true, onread });
    socket.on("close", () => settle?.reject(new Error("the connection was closed")));
    socket.on("error", (error) => (settle ? settle.reject(error) : failed(error)));
    socket.on("connect", () =>
      opened({
        send: (request) =>
          new Promise((resolve, reject) => {
            settle = { resolve, reject };
            socket.write(request);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}

/** The status once the whole answer is there, else null. */
function completeStatus(text: string): number | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  const body = text.length - end - 4;
  if (length === undefined ? !text.endsWith("0\r\n\r\n") : body < Number(length)) return null;
  return Number(text.slice(9, 12));
}
