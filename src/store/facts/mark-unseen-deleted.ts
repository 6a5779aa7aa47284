import { z } from "zod";
import type { VersionedEntity } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { markAbsentDeleted, markStatusesDeleted } from "../sync/absence.js";
import { TABLES } from "./tables.js";

const Found = z.object({ repository_id: z.coerce.number() });

/**
 * Marks a row as deleted that only deliveries have shown, in a version from before `upTo`. False: it has changed since,
 * or a read has shown it.
 */
export async function markUnseenDeleted(
  sql: Sql,
  entity: Exclude<VersionedEntity, "installation" | "repository">,
  id: number,
  { upTo, now }: { readonly upTo: Date; readonly now: Date },
): Promise<boolean> {
  const { table } = TABLES[entity];
  const [row] = await sql.query(
    `SELECT repository_id::text AS repository_id FROM ${table}
     WHERE id = $1 AND deleted_at IS NULL AND observed_at IS NULL AND updated_at < $2 FOR UPDATE`,
    [id, upTo],
  );
  if (row === undefined) return false;
  const { repository_id: repositoryId } = Found.parse(row);
  if (table === "issues" || table === "pull_requests") {
    await markAbsentDeleted(sql, { table, repositoryId, gone: [{ id, transferredTo: null }] }, now);
    return true;
  }
  await sql.query(`UPDATE ${table} SET deleted_at = $2 WHERE id = $1`, [id, now]);
  if (table === "deployments") await markStatusesDeleted(sql, [id], now);
  return true;
}
