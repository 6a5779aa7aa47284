import { NetworkError } from "../errors.js";

/** What `pg`'s pool and BullMQ's name for it have in common. */
interface Pool {
  on(event: "connect", listener: (client: Client) => void): unknown;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Connections that broke, each with what broke it. */
const broken = new WeakMap<object, Error>();

/**
 * A connection that breaks while it is in use fails the query on it. Without a listener the event would end the process
 * as well: a pool listens to its idle connections only.
 */
export function outlive(pool: Pool): void {
  pool.on("connect", (client) =>
    client.on("error", (error) => {
      if (!broken.has(client)) broken.set(client, error);
    }),
  );
}

/** What a failed query on a connection means: `pg` says of one that broke before only that it cannot be used any more. */
export function queryFailure(target: object, error: unknown): unknown {
  const cause = broken.get(target);
  return cause ? new NetworkError(`the connection to PostgreSQL broke: ${cause.message}`, { cause }) : error;
}
