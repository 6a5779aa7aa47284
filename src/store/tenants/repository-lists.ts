import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({
  id: z.coerce.bigint(),
  account_login: z.string(),
  allow_repositories: z.array(z.string()),
  deny_repositories: z.array(z.string()),
});

/** The allow and deny lists of an organisation: patterns of `owner/name`. */
export type RepositoryLists = z.infer<typeof Row>;

export interface ListChange {
  readonly list: "allow" | "deny";
  readonly patterns: readonly string[];
  /** Removes the patterns. */
  readonly remove: boolean;
}

const COLUMNS = "id::text, account_login, allow_repositories, deny_repositories";

/** The lists of each current installation. */
export async function repositoryLists(sql: Sql): Promise<readonly RepositoryLists[]> {
  const rows = await sql.query(`SELECT ${COLUMNS} FROM installations WHERE deleted_at IS NULL ORDER BY id`);
  return rows.map((row) => Row.parse(row));
}

/** Adds patterns to a list or removes them; null when the installation does not exist. */
export async function changeRepositoryList(
  sql: Sql,
  installationId: bigint,
  change: ListChange,
): Promise<RepositoryLists | null> {
  const column = change.list === "allow" ? "allow_repositories" : "deny_repositories";
  const others = `SELECT unnest(${column}) EXCEPT SELECT unnest($2::text[])`;
  const wanted = change.remove ? others : `${others} UNION SELECT unnest($2::text[])`;
  const [row] = await sql.query(
    `UPDATE installations SET ${column} = ARRAY(${wanted} ORDER BY 1) WHERE id = $1 AND deleted_at IS NULL
     RETURNING ${COLUMNS}`,
    [installationId, change.patterns],
  );
  return row ? Row.parse(row) : null;
}
