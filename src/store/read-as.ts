// One transaction of a request, for Prisma Client and plain SQL together, bound by row-level security.
import { AsyncLocalStorage } from "node:async_hooks";
import { Pool, type PoolClient } from "pg";
import type { Prisma, PrismaClient } from "./generated/client.js";
import { SETTINGS, WEB_ROLE } from "./access/policies.js";
import type { Scope } from "./scope.js";
import { type QueryObserver, type Sql, sqlOf } from "./sql.js";

/** A transaction for Prisma and `sql` on the same connection. */
export interface Reading {
  readonly prisma: Prisma.TransactionClient;
  readonly sql: Sql;
}

/** Runs a request's reads in one transaction that shows only the rows of the scope. */
export type ReadAs = <T>(scope: Scope, work: (reading: Reading) => Promise<T>) => Promise<T>;

/** How long a request's reads may take, and may wait for a connection (ms). */
const READ_MS = 20_000;
const WAIT_MS = 10_000;

/** The connection that Prisma takes for a transaction. Its driver adapter does not expose it. */
const opening = new AsyncLocalStorage<{ client?: PoolClient }>();

/** A pool that records the connection of Prisma's transaction. */
export class ObservedPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: Parameters<Pool["connect"]>[0]): void;
  override connect(callback?: Parameters<Pool["connect"]>[0]): Promise<PoolClient> | void {
    if (callback) return super.connect(callback);
    return super.connect().then((client) => {
      const taken = opening.getStore();
      if (taken) taken.client ??= client;
      return client;
    });
  }
}

/** The pool must be an `ObservedPool`, and must be Prisma's. */
export function readsOf(prisma: PrismaClient, onQuery: QueryObserver | undefined): ReadAs {
  return (scope, work) => {
    const taken: { client?: PoolClient } = {};
    return opening.run(taken, () =>
      prisma.$transaction(
        async (transaction) => {
          if (!taken.client) throw new Error("Prisma opened a transaction without a connection of the pool");
          const sql = sqlOf(taken.client, onQuery);
          await enter(sql, scope);
          return work({ prisma: transaction, sql });
        },
        { timeout: READ_MS, maxWait: WAIT_MS },
      ),
    );
  };
}

/** Switches this transaction to the role that row-level security binds: SET LOCAL, in one statement. */
async function enter(sql: Sql, { operator, installations }: Scope): Promise<void> {
  const ids = (some: Scope["installations"]): string => some.map(({ id }) => id).join(",");
  const single = installations.flatMap(({ repositories }) => (repositories === "all" ? [] : [...repositories]));
  const values: Readonly<Record<keyof typeof SETTINGS, string>> = {
    installations: ids(installations),
    administered: ids(installations.filter(({ role }) => role === "admin")),
    everything: ids(installations.filter(({ repositories }) => repositories === "all")),
    repositories: single.join(","),
    operator: operator ? "on" : "off",
  };
  const settings = [["role", WEB_ROLE], ...settingsOf(values)];
  const calls = settings.map((_, index) => `set_config($${index * 2 + 1}, $${index * 2 + 2}, true)`);
  await sql.query(`SELECT ${calls.join(", ")}`, settings.flat());
}

function settingsOf(values: Readonly<Record<keyof typeof SETTINGS, string>>): readonly (readonly [string, string])[] {
  return [
    [SETTINGS.installations, values.installations],
    [SETTINGS.administered, values.administered],
    [SETTINGS.everything, values.everything],
    [SETTINGS.repositories, values.repositories],
    [SETTINGS.operator, values.operator],
  ];
}
