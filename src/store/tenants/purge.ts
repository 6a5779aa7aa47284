import { z } from "zod";
import type { Sql } from "../store.js";
import type { TenantRows } from "./tenant-rows.js";

const BATCH = 10_000;

const State = z.object({ deleted: z.boolean(), due: z.boolean().nullable() });

/** `due` when the rows of a tenant may be deleted; else the reason why not. */
export async function purgeState(sql: Sql, installationId: bigint, now: Date): Promise<string> {
  const [row] = await sql.query(
    "SELECT deleted_at IS NOT NULL AS deleted, purge_after <= $2 AS due FROM installations WHERE id = $1",
    [installationId, now],
  );
  if (row === undefined) return "the installation is not stored";
  const { deleted, due } = State.parse(row);
  if (!deleted) return "the app is installed";
  if (due === null) return "the rows were deleted before";
  return due ? "due" : "the grace period is not over";
}

/**
 * Deletes one batch of a tenant's rows.
 * @returns how many.
 */
export async function purgeRows(sql: Sql, { table, mine }: TenantRows, installationId: bigint): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${mine} LIMIT ${BATCH})) RETURNING 1`,
    [installationId],
  );
  return rows.length;
}

/** Keeps the installation's row as deleted, so that a late delivery does not restore it. */
export async function forgetTenant(sql: Sql, installationId: bigint): Promise<void> {
  await sql.query(
    `UPDATE installations SET purge_after = NULL, account_id = NULL, account_login = '(deleted)', permissions = '{}',
       events = '{}', allow_repositories = '{}', deny_repositories = '{}' WHERE id = $1`,
    [installationId],
  );
}
