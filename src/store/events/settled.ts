import { z } from "zod";
import type { Sql } from "../store.js";

/** Tables that are read as streams, in the order of their ids. */
export type Stream = "deliveries" | "events";

/**
 * The id up to which a table has all its rows: every transaction that could still commit a smaller id has ended. Each
 * call returns the newest known bound.
 */
export type Settled = () => Promise<bigint>;

const Last = z.object({ last: z.coerce.bigint() });

/**
 * A row takes its id before it is committed, so rows become visible in another order, and a reader that continues at
 * `id > last` skips the late ones. A writer locks its table before it takes an id and keeps the lock until its rows are
 * visible. So the ids that were handed out at one moment are settled as soon as the writers of that moment have ended.
 * Deliberately not `pg_snapshot_xmin`: a transaction has no number yet when it takes an id, and every long transaction
 * of the server, also in another database, would hold the stream up.
 */
export function settledIn(sql: Sql, table: Stream): Settled {
  let bound = 0n;
  let mark: { readonly id: bigint; readonly writers: ReadonlySet<string> } | null = null;
  return async () => {
    // In this order, in two statements: a writer that begins in between takes a larger id.
    const last = await lastId(sql, table);
    const writers = await writersOf(sql, table);
    if (mark !== null && disjoint(mark.writers, writers)) {
      bound = mark.id;
      mark = null;
    }
    if (mark === null && last > bound) {
      if (writers.size === 0) bound = last;
      else mark = { id: last, writers };
    }
    return bound;
  };
}

async function lastId(sql: Sql, table: Stream): Promise<bigint> {
  const [row] = await sql.query(
    `SELECT CASE WHEN is_called THEN last_value ELSE 0 END::text AS last FROM ${table}_id_seq`,
    [],
    `last-id-${table}`,
  );
  return Last.parse(row).last;
}

/** The open transactions that may have taken an id, by their virtual ids, which are never reused. */
async function writersOf(sql: Sql, table: Stream): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
     WHERE locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND relation = $1::regclass AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
    [table],
    `writers-${table}`,
  );
  return new Set(rows.map(({ writer }) => String(writer)));
}

function disjoint(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const one of some) if (others.has(one)) return false;
  return true;
}
