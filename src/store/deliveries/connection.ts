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
 * Work on one connection of the pool. When `signal` is aborted, the connection is closed and its session ended, so that
 * a hanging database does not block the inbox. The commit's outcome is unknown then. Only this function may set
 * `signal.onabort` meanwhile.
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
    // After a failure the state of the session is unknown.
    if (!cut) client.release(failed);
  }
}

/** A connection that arrives after the patience is over is returned at once. */
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

/** Adding and removing a listener for each commit would leave garbage that only a full collection frees. */
function whenAborted(signal: AbortSignal, run: (() => void) | null): void {
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- see above
  signal.onabort = run;
}

/**
 * A server that waits for a lock does not notice a closed socket: its session would keep a connection slot until the
 * lock is free. So the session is ended from another connection. This fails if the whole database hangs.
 */
async function endSession({ pool }: Pick<Store, "pool">, client: PoolClient): Promise<void> {
  const { processID } = Session.parse(client);
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE pid = $1 AND datname = current_database() AND application_name = current_setting('application_name')`,
    [processID],
  );
}

/** `pg` knows it from the greeting, but its types do not. */
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
