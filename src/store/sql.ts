import { storable } from "../text/storable.js";
import { queryFailure } from "./broken-connections.js";

/** SQL inside one transaction, or on the pool. Values are bound, never spliced; Buffers go as binary. */
export interface Sql {
  /**
   * Runs one statement and returns its rows, unparsed; the caller's schema or column list types them. A statement with
   * a `name` is prepared once for each connection; a name must always have the same text.
   */
  query(text: string, values?: readonly unknown[], name?: string): Promise<readonly Record<string, unknown>[]>;
}

/** Receives the text, duration and success of each statement, for metrics. */
export type QueryObserver = (text: string, seconds: number, failed: boolean) => void;

interface Queryable {
  query(statement: { text: string; values: unknown[]; name?: string }): Promise<{ rows: unknown }>;
}

/** Plain statements on a pool, or on one connection. */
export function sqlOf(target: Queryable, onQuery?: QueryObserver): Sql {
  return {
    async query(text, values = [], name) {
      const statement = { text, values: values.map(storableValue) };
      const query = (): Promise<{ rows: unknown }> =>
        target.query(name === undefined ? statement : { ...statement, name });
      try {
        const result = await (onQuery ? timed(text, query, onQuery) : query());
        return rowsOf(result.rows);
      } catch (error) {
        throw queryFailure(target, error);
      }
    },
  };
}

/** PostgreSQL refuses NUL in a text. Removing it keeps the rest of the row. */
function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storable(value);
  return Array.isArray(value) ? value.map(storableValue) : value;
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
