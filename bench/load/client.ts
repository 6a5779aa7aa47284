import { connect, type Socket } from "node:net";

/** One keep-alive connection that has one request under way at a time. */
export interface Client {
  /** Sends a request's parts. @returns the answer's status. */
  send(parts: readonly Buffer[]): Promise<number>;
  close(): void;
}

/** A client that costs as little as it can: the machine's time belongs to the server under test. */
export function openClient(port: number): Promise<Client> {
  return new Promise((opened, failed) => {
    let received = "";
    let settle: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null;
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
      const status = completeStatus(received);
      if (status === null) return;
      received = "";
      const done = settle;
      settle = null;
      done?.resolve(status);
    });
    socket.on("close", () => settle?.reject(new Error("the connection was closed")));
    socket.on("error", (error) => (settle ? settle.reject(error) : failed(error)));
    socket.on("connect", () =>
      opened({
        send: (parts) =>
          new Promise((resolve, reject) => {
            settle = { resolve, reject };
            socket.cork();
            for (const part of parts) socket.write(part);
            socket.uncork();
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
