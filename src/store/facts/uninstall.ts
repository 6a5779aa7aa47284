import type { InstallationFact } from "../../facts/fact.js";
import { GRACE_MS } from "../../facts/installation.js";
import { cancelJobs } from "../jobs/cancel-jobs.js";
import type { Sql } from "../store.js";
import type { FactScope } from "./scope.js";
import type { Stored } from "./upsert.js";

/** An uninstallation stops all work at once: waiting jobs are cancelled, and the rows get a deletion date. */
export async function stopWork(
  sql: Sql,
  installations: readonly Stored<InstallationFact>[],
  scope: FactScope,
): Promise<void> {
  const gone = installations.filter(({ fact }) => fact.deleted).map(({ fact }) => fact.row.id);
  if (gone.length === 0) return;
  await sql.query(
    `UPDATE installations SET purge_after = $2
     WHERE id = ANY($1::bigint[]) AND deleted_at IS NOT NULL AND purge_after IS NULL`,
    [gone, new Date(scope.now.getTime() + GRACE_MS)],
  );
  for (const id of gone) await cancelJobs(sql, BigInt(id), "the app was uninstalled", scope.now);
}

const UNSUSPEND = `UPDATE installations SET suspended_at = NULL WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL`;

/**
 * Suspended and unsuspended in the same second: the order is unknown. It counts as not suspended, because only then
 * `jobs/access.ts` may ask GitHub.
 */
export async function unsuspendTied(sql: Sql, installations: readonly Stored<InstallationFact>[]): Promise<void> {
  const tied = installations.filter(({ fact, result }) => result === "tie" && fact.row.suspended_at === null);
  if (tied.length > 0) await sql.query(UNSUSPEND, [tied.map(({ fact }) => fact.row.id)]);
}
