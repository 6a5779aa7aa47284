import { z } from "zod";
import type { Sql } from "../store.js";

/** Tables that are compared with a list, and the name of their id in REST. */
const CALLED = { pull_requests: "number", issues: "number", deployments: "id", releases: "id" } as const;
export type ListedTable = keyof typeof CALLED;

const Missing = z.object({ id: z.coerce.number(), called: z.coerce.number() });
/** A row that a list does not show. */
export type Missing = z.infer<typeof Missing>;

/** Which of a list's rows to return: at most `limit`, by id, after `after`. `listed` is not stored yet. */
export interface UnseenSince {
  readonly began: Date;
  readonly listed: readonly number[];
  readonly after: number;
  readonly limit: number;
}

/**
 * Rows of a repository that a complete reading of its list did not show. Rows that changed since may be newer than the
 * reading.
 */
export async function unseen(
  sql: Sql,
  table: ListedTable,
  repositoryId: number,
  { began, listed, after, limit }: UnseenSince,
): Promise<readonly Missing[]> {
  const rows = await sql.query(
    `SELECT id::text AS id, ${CALLED[table]}::text AS called FROM ${table}
     WHERE repository_id = $1 AND deleted_at IS NULL AND updated_at < $2
       AND COALESCE(observed_at, '-infinity') < $2 AND NOT id = ANY($3::bigint[]) AND id > $4 ORDER BY id LIMIT $5`,
    [repositoryId, began, listed, after, limit],
    `sync-unseen-${table}`,
  );
  return rows.map((row) => Missing.parse(row));
}
