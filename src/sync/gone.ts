import { ForbiddenError, GoneError } from "../errors.js";
import type { GraphqlAnswer } from "../github/graphql.js";
import type { Reading, SyncedRepository } from "./entity.js";

/**
 * The requested object.
 * @throws GoneError when it does not exist, ForbiddenError when the App may not read it.
 */
export function present<T>(found: T | null | undefined, answer: GraphqlAnswer<unknown>, what: string): T {
  if (found !== null && found !== undefined) return found;
  const [problem] = answer.problems;
  if (problem?.kind === "forbidden") throw new ForbiddenError(problem.message);
  throw new GoneError(problem?.message ?? `${what} is not there`);
}

/**
 * Whether the answer has a null under this name because the installation lacks a permission. Such a null proves
 * nothing.
 */
export function isHidden({ problems }: GraphqlAnswer<unknown>, field: string): boolean {
  return problems.some(({ kind, path }) => kind === "forbidden" && path.at(-1) === field);
}

/** The repository of a cursor that belongs to one. */
export function repositoryOf({ repository }: Reading): SyncedRepository {
  if (repository) return repository;
  throw new GoneError("the repository is no longer stored");
}

export function fullName({ owner, name }: SyncedRepository): string {
  return `${owner}/${name}`;
}
