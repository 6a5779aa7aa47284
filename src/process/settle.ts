import type { RefreshPayload, Wish } from "../job-payloads.js";
import type { Fact, PushFact } from "../facts/fact.js";
import { BEFORE_ANY_VERSION } from "../facts/scalars.js";
import type { AppliedFact } from "../store/facts/apply.js";
import type { Tenant } from "../store/tenants/tenant.js";

/**
 * The reads of GitHub that settle open questions after storing facts: ties, missing rows, and possibly late rows. A row
 * may be late when only this delivery has it although everything up to `storedUpTo` was read; GitHub may have deleted
 * it since.
 */
export function readsToSettle(
  applied: readonly AppliedFact[],
  storedUpTo: Date | null,
  { installationId }: Pick<Tenant, "installationId">,
): readonly Wish[] {
  return applied.flatMap(({ fact, result }) => {
    if (result === "inserted" && isLate(fact, storedUpTo)) return readOfLate(fact, installationId);
    return result === "tie" || result === "missing" ? readOf(fact) : [];
  });
}

/**
 * Entities that can be deleted by themselves. Pull requests and reviews cannot, and statuses are deleted with their
 * deployment.
 */
const DELETABLE = ["repository", "issue", "issue_comment", "deployment", "release"] as const;
type Deletable = Extract<Fact, { readonly entity: (typeof DELETABLE)[number] }>;

function isDeletable(fact: Fact): fact is Deletable {
  return DELETABLE.some((entity) => entity === fact.entity);
}

function isLate(fact: Fact, storedUpTo: Date | null): boolean {
  if (storedUpTo === null || !isDeletable(fact) || fact.deleted) return false;
  const { updated_at: version } = fact.row;
  return version !== BEFORE_ANY_VERSION && new Date(version) < storedUpTo;
}

/**
 * Reads the list of accessible repositories: reading one repository does not show access, because anyone can read a
 * public one.
 */
function readOfLate(fact: Fact, installationId: bigint | null): readonly Wish[] {
  if (fact.entity !== "repository") return readOf(fact);
  return installationId === null ? [] : [{ name: "access", payload: { installationId: Number(installationId) } }];
}

function readOf(fact: Fact): readonly Wish[] {
  switch (fact.entity) {
    case "installation":
      return [{ name: "access", payload: { installationId: fact.row.id } }];
    case "repository":
      return refresh({ entity: fact.entity, repositoryId: fact.row.id });
    case "pull_request":
      return refresh({ entity: fact.entity, repositoryId: fact.row.repository_id, number: fact.row.number });
    case "issue":
      return refresh({
        entity: fact.entity,
        repositoryId: fact.row.repository_id,
        number: fact.row.number,
        id: fact.row.id,
      });
    case "pull_request_touch":
      return refresh({ entity: "pull_request", repositoryId: fact.row.repository_id, number: fact.row.number });
    case "review":
      return refresh({
        entity: fact.entity,
        repositoryId: fact.row.repository_id,
        pullRequestId: fact.row.pull_request_id,
        id: fact.row.id,
      });
    case "issue_comment":
      return refresh({
        entity: fact.entity,
        repositoryId: fact.row.repository_id,
        number: fact.row.issue_number,
        id: fact.row.id,
      });
    case "deployment":
    case "release":
      return refresh({ entity: fact.entity, repositoryId: fact.row.repository_id, id: fact.row.id });
    case "deployment_status":
      return refresh({
        entity: fact.entity,
        repositoryId: fact.row.repository_id,
        deploymentId: fact.row.deployment_id,
        id: fact.row.id,
      });
    case "commit":
    case "label":
    case "push":
    case "repository_access":
    case "user":
      return [];
  }
}

function refresh(payload: RefreshPayload): readonly Wish[] {
  return [{ name: "refresh", payload }];
}

/** A push whose payload lists only some of its commits: read the others. */
export function commitsToRead(cutShort: readonly PushFact[]): readonly Wish[] {
  return cutShort.map(({ row: { repository_id: repositoryId, ref, before, after, pushed_at: pushedAt } }) => ({
    name: "push-commits",
    payload: { repositoryId, ref, before, after, pushedAt },
  }));
}
