import { type VisibleRepository, visibleRepositories } from "../store/sync/repositories.js";
import type { Reading, SyncedRepository } from "./entity.js";
import type { Repositories } from "./read-conversations.js";

/** The repositories that the installation can access and that are not excluded, latest push first. */
export async function mirrored({ sql, installationId, allows }: Reading): Promise<readonly VisibleRepository[]> {
  const visible = await visibleRepositories(sql, installationId);
  return visible.filter(({ full_name }) => allows(full_name));
}

/** The same for one id. */
export async function mirroredByNumber(reading: Reading): Promise<Repositories> {
  const rows = await mirrored(reading);
  return new Map(rows.flatMap((row) => syncedOf(row) ?? []).map((repository) => [repository.id, repository]));
}

/** Null for a row without a node id; the list of repositories provides it later. */
export function syncedOf({ id, node_id, owner_login, name }: VisibleRepository): SyncedRepository | null {
  return node_id === null ? null : { id, nodeId: node_id, owner: owner_login, name };
}
