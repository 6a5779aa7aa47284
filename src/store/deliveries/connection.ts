import type { PoolClient } from "pg";
import { z } from "zod";
import type { Store } from "../store.js";

/** Runs a statement that the server prepares once for each connection, under `name`. */
export type RunNamed = (
  name: string,
  text: string,
  values: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>;

export interface Connection {
  readonly run: RunNamed;
  /** BEGIN, the work, COMMIT; ROLLBACK when it throws. */
  transaction<T>(work: (run: RunNamed) => Promise<T>): Promise<T>;
}

/**
 * Work on one connection of the pool. When `signal` is aborted the connection is cut, whatever the server is doing: a
 * database that hangs must not hold the inbox up, and its session is ended. What was sent may or may not have been committed then.
 * Nobody else may set `signal.onabort` meanwhile.
 */
export async function onConnection<T>(
  store: Pick<Store, "pool">,
  signal: AbortSignal,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await connect(store, signal);
  let cut = false;
  whenAborted(signal, () => {
    cut = true;
    client.release(true);
    void endSession(store, client).catch(ignore);
  });
  let failed = true;
  try {
    const result = await work(connectionOf(client));
    failed = false;
    return result;
  } finally {
    whenAborted(signal, null);
    // After a failure nobody knows what state the session is in.
    if (!cut) client.release(failed);
  }
}

/** A connection that comes after the patience is over goes straight back. */
async function connect(store: Pick<Store, "pool">, signal: AbortSignal): Promise<PoolClient> {
  const pending = store.pool.connect();
  const aborted = new Promise<never>((_resolve, reject) => {
    whenAborted(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([pending, aborted]);
  } catch (error) {
    whenAborted(signal, null);
    void pending.then((late) => late.release(), ignore);
    throw error;
  }
}

/** Listeners that come and go with each commit would leave garbage that only a full collection finds. */
function whenAborted(signal: AbortSignal, run: (() => void) | null): void {
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- see above
  signal.onabort = run;
}

/**
 * A server that waits for a lock does not look at its socket: the session would hold its place among `max_connections`
 * until the lock is free. Off the way of the deliveries, and in vain where the database as a whole hangs.
 */
async function endSession({ pool }: Pick<Store, "pool">, client: PoolClient): Promise<void> {
  const { processID } = Session.parse(client);
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE pid = $1 AND datname = current_database() AND application_name = current_setting('application_name')`,
    [processID],
  );
}

/** `pg` knows it from the greeting; its types do not. */
const Session = z.object({ processID: z.number() });

function ignore(): void {}

function connectionOf(client: PoolClient): Connection {
  const run: RunNamed = async (name, text, values) => {
    const result = await client.query<Record<string, unknown>>({ name, text, values: [...values] });
    return result.rows;
  };
  return {
    run,
    async transaction(work) {
      await client.query("BEGIN");
      try {
        const result = await work(run);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      }
    },
  };
}
