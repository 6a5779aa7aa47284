import type { JobRequest } from "../domain.js";
import type { Fact } from "../facts/fact.js";

export interface Lists {
  readonly allow_repositories: readonly string[];
  readonly deny_repositories: readonly string[];
}

/**
 * Why a repository is left alone, or null. Patterns are `owner/name` where `*` stands for any part of either; case does
 * not matter, as at GitHub. Deny goes before allow; an empty allow list allows all.
 */
export function deniedBecause(repository: string, lists: Lists): string | null {
  const denied = lists.deny_repositories.find((pattern) => matches(pattern, repository));
  if (denied !== undefined) return `the organisation denies ${repository} (${denied})`;
  if (lists.allow_repositories.length === 0) return null;
  if (lists.allow_repositories.some((pattern) => matches(pattern, repository))) return null;
  return `the organisation does not allow ${repository}`;
}

/** What a list of repositories says without those that are left alone; that one may not be seen any more is kept. */
export function withoutDenied(
  { facts, jobs }: { readonly facts: readonly Fact[]; readonly jobs: readonly JobRequest[] },
  lists: Lists,
): { readonly facts: readonly Fact[]; readonly jobs: readonly JobRequest[] } {
  const denied = (repository: string) => deniedBecause(repository, lists) !== null;
  return {
    facts: facts.filter((fact) => {
      if (fact.entity === "repository") return !denied(fact.key);
      return fact.entity !== "repository_access" || !fact.row.granted || !denied(fact.key);
    }),
    // A sync of added repositories names them all.
    jobs: jobs.flatMap((job) => {
      const { subject } = job.payload;
      if (typeof subject !== "string") return [job];
      const left = subject.split(" ").filter((name) => !denied(name));
      return left.length === 0 ? [] : [{ ...job, payload: { ...job.payload, subject: left.join(" ") } }];
    }),
  };
}

function matches(pattern: string, repository: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&"))
    .join("[^/]*");
  return new RegExp(`^${source}$`, "i").test(repository);
}
