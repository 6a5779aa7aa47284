import type { Wish } from "../job-payloads.js";
import type { Fact } from "../facts/fact.js";
import { deniedReason, type Lists } from "../store/tenants/denied-reason.js";

/**
 * The repositories of a list without the excluded ones. Removed repositories stay in the list, so that their removal is
 * stored.
 */
export function withoutDenied(
  { facts, jobs }: { readonly facts: readonly Fact[]; readonly jobs: readonly Wish[] },
  lists: Lists,
): { readonly facts: readonly Fact[]; readonly jobs: readonly Wish[] } {
  const denied = (repository: string) => deniedReason(repository, lists) !== null;
  return {
    facts: facts.filter((fact) => {
      if (fact.entity === "repository") return !denied(fact.key);
      return fact.entity !== "repository_access" || !fact.row.granted || !denied(fact.key);
    }),
    // A sync of added repositories lists all of them.
    jobs: jobs.flatMap((job) => {
      if (job.name !== "sync" || job.payload.subject === undefined) return [job];
      const left = job.payload.subject.split(" ").filter((name) => !denied(name));
      return left.length === 0 ? [] : [{ ...job, payload: { ...job.payload, subject: left.join(" ") } }];
    }),
  };
}
