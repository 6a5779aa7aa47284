import { type VisibleRepository, visibleRepositories } from "../store/sync/repositories.js";
import type { Reading, SyncedRepository } from "./entity.js";
import type { Repositories } from "./read-conversations.js";

/** Everything that the installation sees, by number. */
export async function visibleByNumber({ sql, installationId }: Reading): Promise<Repositories> {
  const visible = await visibleRepositories(sql, installationId);
  return new Map(visible.flatMap((row) => syncedOf(row) ?? []).map((repository) => [repository.id, repository]));
}

/** Null for a row that knows no node id yet: the list of repositories gives it one. */
export function syncedOf({ id, node_id, owner_login, name }: VisibleRepository): SyncedRepository | null {
  return node_id === null ? null : { id, nodeId: node_id, owner: owner_login, name };
}
