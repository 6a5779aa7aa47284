import type { RepositoryFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { TENANT_TABLES } from "./tenant-tables.js";
import type { Stored } from "./upsert.js";

/** A repository that was transferred to the account of another installation takes its rows along. */
export async function moveRepositories(sql: Sql, repositories: readonly Stored<RepositoryFact>[]): Promise<void> {
  for (const { fact, owner, formerOwner } of repositories) {
    if (owner === null || formerOwner === null) continue;
    await moveRows(sql, fact.row.id, owner);
  }
}

const INHERIT = `
UPDATE repositories SET installation_id = $2, access_removed_at = NULL, access_updated_at = NULL WHERE id = $1`;

/** The App was installed again, and `jobs/access.ts` has not read its repositories yet. */
export async function inheritRepository(sql: Sql, id: number, owner: bigint): Promise<void> {
  await sql.query(INHERIT, [id, owner]);
  await moveRows(sql, id, owner);
}

async function moveRows(sql: Sql, repositoryId: number, owner: bigint): Promise<void> {
  for (const statement of STATEMENTS) await sql.query(statement, [repositoryId, owner]);
}

const STATEMENTS = TENANT_TABLES.flatMap(({ table, moves }) =>
  moves.map((move) => {
    const update = `UPDATE ${table} t SET installation_id = $2`;
    if (!("parent" in move)) return `${update} WHERE t.repository_id = $1 AND t.installation_id <> $2`;
    const also = move.where === undefined ? "" : ` AND ${move.where}`;
    return `${update} FROM ${move.parent} p
      WHERE p.id = t.${move.column} AND p.repository_id = $1 AND t.installation_id <> $2${also}`;
  }),
);
