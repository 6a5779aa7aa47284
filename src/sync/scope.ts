import type { Scope } from "../facts/scope.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { fullName } from "./gone.js";

/** The common fields of all facts that this reading saw in a repository. */
export function scopeOf({ observedAt }: Reading, repository: SyncedRepository): Scope {
  return { repositoryId: repository.id, repository: fullName(repository), observedAt: observedAt.toISOString() };
}
