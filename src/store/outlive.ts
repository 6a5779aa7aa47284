/** What `pg`'s pool and BullMQ's name for it have in common. */
interface Pool {
  on(event: "connect", listener: (client: Client) => void): unknown;
}

interface Client {
  on(event: "error", listener: (error: Error) => void): unknown;
}

/**
 * A connection that breaks while it is in use fails the query on it. Without a listener the event would end the process
 * as well: a pool listens to its idle connections only.
 */
export function outlive(pool: Pool): void {
  pool.on("connect", (client) => client.on("error", () => undefined));
}
