import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool, PoolClient } from "pg";
import { PrismaClient } from "./generated/client.js";
import { surviveBrokenConnections } from "./broken-connections.js";
import { ObservedPool, type ReadAs, readsOf } from "./read-as.js";
import { limitSession, type SessionLimits } from "./session-limits.js";
import { setSession } from "./session.js";
import { type QueryObserver, type Sql, sqlOf } from "./sql.js";

export { type Sql, sqlOf } from "./sql.js";

/** The only access to PostgreSQL: Prisma for rows, `sql` for set-based statements, both on one pool. */
export interface Store {
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  readonly sql: Sql;
  /**
   * BEGIN, the work, COMMIT; ROLLBACK when it throws. READ COMMITTED. `first` is a statement without values that is
   * sent together with BEGIN, in one round trip; its rows are ignored.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: { readonly first?: string }): Promise<T>;
  /** One read-only transaction of a request, for `prisma` and `sql` together, that shows only the rows of its scope. */
  readonly readAs: ReadAs;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: string;
  /** The most connections. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** How long a query waits for a connection (ms); default 10 s. */
  readonly connectMs?: number;
  /** The limits of each session; default `SESSION_LIMITS`. */
  readonly limits?: Partial<SessionLimits>;
  /** Receives the text, duration and success of each statement of `sql`, for metrics. */
  readonly onQuery?: QueryObserver;
}

/** Connections that stay open while unused. */
const KEPT = 2;

/** How long a query waits for a connection (ms), if PostgreSQL is unavailable or the whole pool is in use. */
const CONNECT_MS = 10_000;

export function openStore(options: StoreOptions): Store {
  const limit = limitSession(options.limits);
  const pool = new ObservedPool({
    connectionString: options.url,
    max: options.poolSize,
    // After a quiet time the first burst must not wait for new connections.
    min: Math.min(KEPT, options.poolSize),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectMs ?? CONNECT_MS,
    keepAlive: true,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it; its types say void
    onConnect: async (client) => {
      await setSession(client);
      await limit(client);
    },
  });
  // A broken idle connection is replaced at the next query.
  pool.on("error", () => undefined);
  surviveBrokenConnections(pool);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    sql: sqlOf(pool, options.onQuery),
    readAs: readsOf(prisma, options.onQuery),
    async transaction(work, { first } = {}) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query(first === undefined ? "BEGIN" : `BEGIN; ${first}`);
        const result = await work(sqlOf(client, options.onQuery));
        await commit(client);
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((cause: unknown) => {
          broken = cause instanceof Error ? cause : new Error(String(cause));
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** If the error of a failed statement was swallowed, PostgreSQL answers COMMIT with a silent ROLLBACK. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new Error("the transaction was rolled back: a statement in it had failed");
}
