import { z } from "zod";
import type { VersionedEntity } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { TABLES } from "./tables.js";

const Row = z.object({ version: z.date() });

/** The version of a row, by its id or by its number in a repository; null: not stored. */
export async function storedVersion(
  sql: Sql,
  entity: VersionedEntity,
  key: { readonly id: number } | { readonly repositoryId: number; readonly number: number },
): Promise<Date | null> {
  const { table, groups } = TABLES[entity];
  const byId = "id" in key;
  const [row] = await sql.query(
    `SELECT max(${groups[0].version}) AS version FROM ${table} WHERE ${byId ? "id = $1" : "repository_id = $1 AND number = $2"}
     HAVING count(*) > 0`,
    byId ? [key.id] : [key.repositoryId, key.number],
  );
  return row === undefined ? null : Row.parse(row).version;
}

const Numbered = z.object({ number: z.number() });

/** The number of a pull request with this id; null: not stored. */
export async function pullRequestNumber(sql: Sql, id: number): Promise<number | null> {
  const [row] = await sql.query("SELECT number FROM pull_requests WHERE id = $1", [id]);
  return row === undefined ? null : Numbered.parse(row).number;
}
