import type { Scope } from "../facts/scope.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { fullName } from "./gone.js";

/** What facts of a repository that this reading saw have in common. */
export function scopeOf({ observedAt }: Reading, repository: SyncedRepository): Scope {
  return { repositoryId: repository.id, repository: fullName(repository), observedAt: observedAt.toISOString() };
}
