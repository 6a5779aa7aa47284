import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, type PoolClient } from "pg";
import { PrismaClient } from "./generated/client.js";
import { outlive } from "./outlive.js";

/** SQL inside one transaction, or on the pool. Values are bound, never spliced; Buffers go as binary. */
export interface Sql {
  /**
   * Runs one statement and gives its rows, unparsed: the caller's schema or column list says what they are. A statement
   * with a `name` is prepared once a connection; the same name must always come with the same text.
   */
  query(text: string, values?: readonly unknown[], name?: string): Promise<readonly Record<string, unknown>[]>;
}

/** The one way to PostgreSQL: Prisma for rows, `sql` for set-based statements, both on one pool. */
export interface Store {
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  readonly sql: Sql;
  /**
   * BEGIN, the work, COMMIT; ROLLBACK when it throws. READ COMMITTED. `first` is a statement without values that is
   * sent along with BEGIN, in one round trip; its rows are not seen.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: { readonly first?: string }): Promise<T>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** How long a query waits for a connection, in ms; 10 s unless given. */
  readonly connectMs?: number;
  /** Told of each statement of `sql`: its text, how long it took, and whether it failed. For metrics. */
  readonly onQuery?: QueryObserver;
}

export type QueryObserver = (text: string, seconds: number, failed: boolean) => void;

/** Connections that stay open when nothing uses them. */
const KEPT = 2;

/** How long a query waits for a connection, in ms: PostgreSQL away, or all of the pool in use. */
const CONNECT_MS = 10_000;

export function openStore(options: StoreOptions): Store {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize,
    // After a quiet time the first burst must not wait for a connection to be made.
    min: Math.min(KEPT, options.poolSize),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectMs ?? CONNECT_MS,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced at the next query.
  pool.on("error", () => undefined);
  outlive(pool);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    sql: sqlOf(pool, options.onQuery),
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

/** After a failed statement whose error was swallowed, PostgreSQL answers COMMIT with a silent ROLLBACK. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new Error("the transaction was rolled back: a statement in it had failed");
}

interface Queryable {
  query(statement: { text: string; values: unknown[]; name?: string }): Promise<{ rows: unknown }>;
}

/** Plain statements on a pool, or on one connection. */
export function sqlOf(target: Queryable, onQuery?: QueryObserver): Sql {
  return {
    async query(text, values = [], name) {
      const statement = { text, values: [...values] };
      const query = (): Promise<{ rows: unknown }> =>
        target.query(name === undefined ? statement : { ...statement, name });
      const result = await (onQuery ? timed(text, query, onQuery) : query());
      return rowsOf(result.rows);
    },
  };
}

async function timed<T>(text: string, query: () => Promise<T>, onQuery: QueryObserver): Promise<T> {
  const start = performance.now();
  let failed = true;
  try {
    const result = await query();
    failed = false;
    return result;
  } finally {
    onQuery(text, (performance.now() - start) / 1000, failed);
  }
}

function rowsOf(rows: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(rows)
    ? rows.filter((row): row is Record<string, unknown> => typeof row === "object" && row !== null)
    : [];
}
