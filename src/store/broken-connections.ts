import { NetworkError } from "../errors.js";

/** The common type of `pg`'s pool and BullMQ's name for it. */
interface Pool {
  on(event: "connect", listener: (client: Client) => void): unknown;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Broken connections, each with the cause. */
const broken = new WeakMap<object, Error>();

/**
 * A connection that breaks in use fails its query. Without this listener the event would also end the process, because
 * a pool listens only to idle connections.
 */
export function surviveBrokenConnections(pool: Pool): void {
  pool.on("connect", (client) =>
    client.on("error", (error) => {
      if (!broken.has(client)) broken.set(client, error);
    }),
  );
}

/** The cause of a failed query. For a connection that broke earlier, `pg` itself says only that it cannot be used. */
export function queryFailure(target: object, error: unknown): unknown {
  const cause = broken.get(target);
  return cause ? new NetworkError(`the connection to PostgreSQL broke: ${cause.message}`, { cause }) : error;
}
