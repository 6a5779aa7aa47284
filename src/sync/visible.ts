import { type VisibleRepository, visibleRepositories } from "../store/sync/repositories.js";
import type { Reading, SyncedRepository } from "./entity.js";
import type { Repositories } from "./read-conversations.js";

/** What the installation sees and the account wants mirrored, the latest pushed first. */
export async function mirrored({ sql, installationId, allows }: Reading): Promise<readonly VisibleRepository[]> {
  const visible = await visibleRepositories(sql, installationId);
  return visible.filter(({ full_name }) => allows(full_name));
}

/** The same by number. */
export async function mirroredByNumber(reading: Reading): Promise<Repositories> {
  const rows = await mirrored(reading);
  return new Map(rows.flatMap((row) => syncedOf(row) ?? []).map((repository) => [repository.id, repository]));
}

/** Null for a row that knows no node id yet: the list of repositories gives it one. */
export function syncedOf({ id, node_id, owner_login, name }: VisibleRepository): SyncedRepository | null {
  return node_id === null ? null : { id, nodeId: node_id, owner: owner_login, name };
}
