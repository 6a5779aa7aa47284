import { z } from "zod";
import type { RepositoryRef } from "../../domain.js";
import type { Sql } from "../store.js";

/** A repository according to its row. */
export interface KnownRepository {
  readonly ref: RepositoryRef;
  readonly fullName: string;
  readonly installationId: bigint;
  readonly defaultBranch: string | null;
  readonly archived: boolean;
}

const Row = z.object({
  id: z.coerce.bigint(),
  installation_id: z.coerce.bigint(),
  owner_login: z.string(),
  name: z.string(),
  full_name: z.string(),
  default_branch: z.string().nullable(),
  archived: z.boolean(),
});

/** The repository's current owner and name, by id; null: not stored. */
export async function findRepository(sql: Sql, id: number): Promise<KnownRepository | null> {
  const [found] = await sql.query(
    `SELECT id::text, installation_id::text, owner_login, name, full_name, default_branch, archived
     FROM repositories WHERE id = $1`,
    [id],
  );
  if (found === undefined) return null;
  const row = Row.parse(found);
  return {
    ref: { id: row.id, owner: row.owner_login, name: row.name },
    fullName: row.full_name,
    installationId: row.installation_id,
    defaultBranch: row.default_branch,
    archived: row.archived,
  };
}

const Named = z.object({ id: z.coerce.number(), full_name: z.string() });

/** The repositories that the installation can access, according to the rows. */
export async function accessibleRepositories(
  sql: Sql,
  installationId: bigint,
): Promise<readonly z.infer<typeof Named>[]> {
  const rows = await sql.query(
    `SELECT id::text, full_name FROM repositories
     WHERE installation_id = $1 AND access_removed_at IS NULL AND deleted_at IS NULL ORDER BY id`,
    [installationId],
  );
  return rows.map((row) => Named.parse(row));
}

/** An accessible repository by its `owner/name`; null: none. */
export async function findRepositoryNamed(sql: Sql, fullName: string): Promise<KnownRepository | null> {
  const [row] = await sql.query(
    `SELECT r.id::text FROM repositories r JOIN installations i ON i.id = r.installation_id
     WHERE lower(r.full_name) = lower($1) AND r.access_removed_at IS NULL AND r.deleted_at IS NULL AND i.deleted_at IS NULL
     ORDER BY r.id DESC LIMIT 1`,
    [fullName],
  );
  return row ? findRepository(sql, Number(row["id"])) : null;
}

/** The public repositories of an installation. */
export async function publicRepositories(sql: Sql, installationId: bigint): Promise<readonly bigint[]> {
  const rows = await sql.query(
    `SELECT id::text FROM repositories WHERE installation_id = $1 AND NOT private AND COALESCE(visibility, 'public') = 'public'
       AND deleted_at IS NULL AND access_removed_at IS NULL`,
    [installationId],
  );
  return rows.map((row) => BigInt(String(row["id"])));
}
