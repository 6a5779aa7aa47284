import { z } from "zod";
import type { Fact } from "../facts/fact.js";
import { RepositoryBody, repositoryFact } from "../facts/repository.js";
import type { Scope } from "../facts/scope.js";
import { Author, userFacts } from "../facts/user.js";

/** The fields of every payload about a repository. */
export const Delivered = z.object({
  /** Enterprise Server leaves it out of some events. */
  action: z.string().default("unknown"),
  repository: RepositoryBody,
  sender: Author,
});

export function scopeOf(payload: { readonly repository: Pick<RepositoryBody, "id" | "full_name"> }): Scope {
  return { repositoryId: payload.repository.id, repository: payload.repository.full_name, observedAt: null };
}

/** The repository and the person. */
export function surroundings(
  payload: { readonly repository: RepositoryBody; readonly sender: Author },
  seenAt: string,
): Fact[] {
  return [repositoryFact(payload.repository, { observedAt: null }), ...userFacts([payload.sender], seenAt)];
}
