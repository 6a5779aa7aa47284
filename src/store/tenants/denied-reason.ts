import { isAbout, namesOf, pathPattern } from "../../text/path-pattern.js";

export interface Lists {
  readonly allow_repositories: readonly string[];
  readonly deny_repositories: readonly string[];
}

/**
 * Why a repository is excluded, or null. Patterns are `owner/name` where `*` matches any part of either; case does not
 * matter, as at GitHub. The deny list wins; an empty allow list allows all.
 */
export function deniedReason(repository: string, lists: Lists): string | null {
  const denied = lists.deny_repositories.find((pattern) => matches(pattern, repository));
  if (denied !== undefined) return `the organisation denies ${repository} (${denied})`;
  if (lists.allow_repositories.length === 0) return null;
  if (lists.allow_repositories.some((pattern) => matches(pattern, repository))) return null;
  return `the organisation does not allow ${repository}`;
}

/** Wildcard comparison of one name and one pattern, both short. */
const STEPS = 100_000;

function matches(pattern: string, repository: string): boolean {
  const parts = pathPattern(pattern.toLowerCase().replaceAll(/\*+/g, "*"), { sets: false });
  return isAbout(parts, namesOf(repository.toLowerCase()), { left: STEPS });
}
