import { z } from "zod";
import type { Sql } from "../store.js";

const number = z.coerce.number();
const Row = z.object({
  id: number,
  node_id: z.string().nullable(),
  full_name: z.string(),
  owner_login: z.string(),
  name: z.string(),
  updated_at: z.date(),
  pushed_at: z.date().nullable(),
});
/** An accessible repository of an installation. */
export type VisibleRepository = z.infer<typeof Row>;

const COLUMNS = "id::text AS id, node_id, full_name, owner_login, name, updated_at, pushed_at";
const VISIBLE = "installation_id = $1 AND deleted_at IS NULL AND access_removed_at IS NULL";

export async function visibleRepositories(sql: Sql, installationId: bigint): Promise<readonly VisibleRepository[]> {
  const rows = await sql.query(
    `SELECT ${COLUMNS} FROM repositories WHERE ${VISIBLE} ORDER BY pushed_at DESC NULLS LAST, id`,
    [installationId],
  );
  return rows.map((row) => Row.parse(row));
}

/** Null when the installation has no access to it. */
export async function visibleRepository(
  sql: Sql,
  installationId: bigint,
  id: number,
): Promise<VisibleRepository | null> {
  const [row] = await sql.query(
    `SELECT ${COLUMNS} FROM repositories WHERE ${VISIBLE} AND id = $2`,
    [installationId, id],
    "sync-repository",
  );
  return row ? Row.parse(row) : null;
}

const Unseen = z.object({ id: number, full_name: z.string() });

/** Accessible repositories that no list of the installation has confirmed since. Reading one proves no access. */
export async function unseenRepositories(sql: Sql, installationId: bigint, since: Date) {
  const rows = await sql.query(
    `SELECT id::text AS id, full_name FROM repositories WHERE ${VISIBLE}
       AND COALESCE(access_updated_at, '-infinity') < $2`,
    [installationId, since],
  );
  return rows.map((row) => Unseen.parse(row));
}

const Named = z.object({ id: number });

export async function repositoryNamed(sql: Sql, installationId: bigint, fullName: string): Promise<number | null> {
  const [row] = await sql.query(
    `SELECT id::text AS id FROM repositories WHERE ${VISIBLE} AND lower(full_name) = lower($2)`,
    [installationId, fullName],
  );
  return row ? Named.parse(row).id : null;
}

const Conversation = z.object({ table: z.enum(["issues", "pull_requests"]), id: number });

/** The rows of an issue or pull request with that number that are not deleted. */
export async function conversationNamed(sql: Sql, repositoryId: number, number: number) {
  const rows = await sql.query(
    `SELECT 'issues' AS table, id::text AS id FROM issues WHERE repository_id = $1 AND number = $2 AND deleted_at IS NULL
     UNION ALL SELECT 'pull_requests', id::text FROM pull_requests
       WHERE repository_id = $1 AND number = $2 AND deleted_at IS NULL`,
    [repositoryId, number],
  );
  return rows.map((row) => Conversation.parse(row));
}

const Tenant = z.object({
  account_login: z.string(),
  allow_repositories: z.array(z.string()),
  deny_repositories: z.array(z.string()),
});
/** The account of the installation, with its allow and deny lists. */
export type SyncedTenant = z.infer<typeof Tenant>;

/** Null when the installation is unknown, suspended or uninstalled. */
export async function tenantOf(sql: Sql, installationId: bigint): Promise<SyncedTenant | null> {
  const [row] = await sql.query(
    `SELECT account_login, allow_repositories, deny_repositories FROM installations
     WHERE id = $1 AND deleted_at IS NULL AND suspended_at IS NULL`,
    [installationId],
  );
  return row ? Tenant.parse(row) : null;
}

const Id = z.object({ id: z.coerce.bigint() });

/** The installation of that repository; null: none. */
export async function installationOf(sql: Sql, fullName: string): Promise<bigint | null> {
  const [row] = await sql.query(
    `SELECT installation_id::text AS id FROM repositories
     WHERE lower(full_name) = lower($1) AND deleted_at IS NULL AND access_removed_at IS NULL`,
    [fullName],
  );
  return row ? Id.parse(row).id : null;
}

/** Active installations. */
export async function activeInstallations(sql: Sql): Promise<readonly bigint[]> {
  const rows = await sql.query(
    "SELECT id::text AS id FROM installations WHERE deleted_at IS NULL AND suspended_at IS NULL ORDER BY id",
  );
  return rows.map((row) => Id.parse(row).id);
}
