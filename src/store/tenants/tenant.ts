import { z } from "zod";
import type { Sql } from "../store.js";

/** The stored state of a delivery's installation and repository, before its facts are stored. */
export interface Tenant {
  /** Null: no installation is known for the delivery. */
  readonly installationId: bigint | null;
  /** Null: the delivery about the installation itself has not arrived yet. */
  readonly installation: Installation | null;
  /** The repository was removed from the installation, or deleted. */
  readonly repositoryGone: "access removed" | "deleted" | null;
  /** The repository's rows still belong to a deleted installation that this one replaces. */
  readonly inherits: boolean;
}

const id = z.coerce.bigint();

const Installation = z.object({
  app_id: id.nullable(),
  suspended: z.boolean(),
  deleted: z.boolean(),
  allow_repositories: z.array(z.string()),
  deny_repositories: z.array(z.string()),
});
export type Installation = z.infer<typeof Installation>;

const Row = z.object({
  installation_id: id.nullable(),
  known: z.boolean(),
  repository_deleted: z.boolean(),
  access_removed: z.boolean(),
  inherits: z.boolean(),
});

const FIND = `
SELECT COALESCE(v.installation_id, r.installation_id)::text AS installation_id, i.id IS NOT NULL AS known,
  i.app_id::text AS app_id, i.suspended_at IS NOT NULL AS suspended, i.deleted_at IS NOT NULL AS deleted,
  COALESCE(i.allow_repositories, '{}') AS allow_repositories, COALESCE(i.deny_repositories, '{}') AS deny_repositories,
  r.deleted_at IS NOT NULL AS repository_deleted,
  COALESCE(r.access_removed_at IS NOT NULL AND r.installation_id = COALESCE(v.installation_id, r.installation_id), false)
    AS access_removed,
  COALESCE(v.installation_id <> r.installation_id AND former.deleted_at IS NOT NULL AND i.deleted_at IS NULL, false)
    AS inherits
FROM (VALUES ($1::bigint, $2::bigint)) AS v(installation_id, repository_id)
LEFT JOIN repositories r ON r.id = v.repository_id
LEFT JOIN installations i ON i.id = COALESCE(v.installation_id, r.installation_id)
LEFT JOIN installations former ON former.id = r.installation_id`;

/** Finds the installation by its id or, without one, by the repository: repository webhooks carry none. */
export async function findTenant(
  sql: Sql,
  installationId: number | null,
  repositoryId: number | null,
): Promise<Tenant> {
  const [found] = await sql.query(FIND, [installationId, repositoryId], "find-tenant");
  const row = Row.parse(found);
  return {
    installationId: row.installation_id,
    installation: row.known ? Installation.parse(found) : null,
    repositoryGone: row.repository_deleted ? "deleted" : row.access_removed ? "access removed" : null,
    inherits: row.inherits,
  };
}

/** The first part of the app's keys for PostgreSQL's advisory locks: installations. */
const LOCK_CLASS = 2_001;

/**
 * Locks an installation until the end of the transaction. Deliveries share the lock; an uninstallation takes it
 * exclusively, so that no earlier delivery plans work after it.
 */
export function tenantLock(installationId: bigint, alone: boolean): string {
  const lock = alone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
  // Two installations with the same key only wait for each other.
  return `SELECT ${lock}(${LOCK_CLASS}, ${BigInt.asIntN(31, installationId)})`;
}
