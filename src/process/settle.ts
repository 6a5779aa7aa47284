import type { JobRequest } from "../domain.js";
import type { Fact } from "../facts/fact.js";
import type { AppliedFact } from "../store/facts/apply.js";

/** The reads of GitHub that settle what storing the facts left open: ties, and rows that are not there. */
export function readsToSettle(applied: readonly AppliedFact[]): readonly JobRequest[] {
  return applied.flatMap(({ fact, result }) => {
    if (result !== "tie" && result !== "missing") return [];
    const request = readOf(fact);
    return request === null ? [] : [request];
  });
}

function readOf(fact: Fact): JobRequest | null {
  switch (fact.entity) {
    case "installation":
      return { name: "access", payload: { installationId: fact.row.id } };
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
      return null;
  }
}

function refresh(payload: { readonly [key: string]: string | number }): JobRequest {
  return { name: "refresh", payload };
}

/** A push whose payload leaves commits out has the rest read. */
export function commitsToRead(applied: readonly AppliedFact[]): readonly JobRequest[] {
  return applied.flatMap(({ fact, result }) => {
    if (fact.entity !== "push" || !fact.row.truncated || result !== "inserted") return [];
    const { repository_id: repositoryId, ref, before, after, pushed_at: pushedAt } = fact.row;
    return [{ name: "push-commits", payload: { repositoryId, ref, before, after, pushedAt } }];
  });
}
