import type { Sql } from "../store.js";

/** The tables whose rows are leased to one process at a time, with the status of a leased row. */
const RUNNING = { deliveries: "processing", jobs: "running" } as const;
export type WorkTable = keyof typeof RUNNING;

/**
 * The condition for rows that the token in `token`, a parameter such as `$2`, holds. An earlier holder may change
 * nothing.
 */
export function heldBy(table: WorkTable, token: string): string {
  return `${table}.status = '${RUNNING[table]}' AND ${table}.locked_by = ${token}`;
}

/** The condition for rows whose lease expired by `at`, a parameter such as `$1`. */
export function expiredAt(table: WorkTable, at: string): string {
  return `${table}.status = '${RUNNING[table]}' AND ${table}.locked_until <= ${at}`;
}

/**
 * Renews the leases of a holder.
 * @returns the ids, as text, of the rows that it still holds; it may not change the others.
 */
export async function renewHold(
  sql: Sql,
  table: WorkTable,
  ids: readonly (bigint | string)[],
  hold: { readonly token: string; readonly until: Date },
): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `UPDATE ${table} SET locked_until = $3 WHERE id = ANY ($1::bigint[]) AND ${heldBy(table, "$2")} RETURNING id::text AS id`,
    [ids.map(String), hold.token, hold.until],
  );
  return new Set(rows.map(({ id }) => String(id)));
}
