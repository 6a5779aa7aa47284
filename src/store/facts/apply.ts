import type { FactResult } from "../../domain.js";
import type { Fact, VersionedEntity, VersionedFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { buriedComments, markCommentsDeleted } from "./cascade.js";
import { replaceSets } from "./child-sets.js";
import { storeCommits, storePushes } from "./commits.js";
import { moveRepositories } from "./move-repository.js";
import type { FactScope } from "./scope.js";
import { storeLabels, storeUsers } from "./seen.js";
import { knownSurroundings } from "./surroundings.js";
import { TABLES } from "./tables.js";
import { storeAccess, touchPullRequests } from "./touches.js";
import { stopWork, unsuspendTied } from "./uninstall.js";
import { type Stored, upsert } from "./upsert.js";

export interface AppliedFact {
  readonly fact: Fact;
  readonly result: FactResult;
}

/**
 * Stores facts in sets, inside the caller's transaction. Tables are taken in a fixed order, and rows by id, so that two
 * transactions do not deadlock. A fact of a repository that now belongs to another installation is stored for that one.
 */
export async function applyFacts(sql: Sql, facts: readonly Fact[], given: FactScope): Promise<readonly AppliedFact[]> {
  const known = await knownSurroundings(sql, facts, given);
  const results = new Map<Fact, FactResult>(known.results);
  const left = facts.filter((fact) => !known.results.has(fact));
  const take = <E extends Fact["entity"]>(entity: E) =>
    left.filter((fact): fact is Extract<Fact, { entity: E }> => fact.entity === entity);
  const note = (some: readonly Fact[], answers: readonly FactResult[]) =>
    some.forEach((fact, index) => {
      const result = answers[index];
      if (result !== undefined) results.set(fact, result);
    });
  const versioned = async <F extends VersionedFact>(entity: VersionedEntity, some: readonly F[], scope: FactScope) => {
    if (some.length === 0) return [];
    const stored = await upsert(sql, TABLES[entity], some, scope);
    await replaceSets(sql, TABLES[entity], stored, scope);
    stored.forEach(({ fact, result }) => results.set(fact, result));
    return stored;
  };

  const installations = await versioned("installation", take("installation"), given);
  await stopWork(sql, installations, given);
  await unsuspendTied(sql, installations);
  const repositories = await versioned("repository", take("repository"), given);
  await moveRepositories(sql, repositories);
  const scope = { ...given, installationId: ownerOf(known.owners, repositories) ?? given.installationId };

  note(take("repository_access"), await storeAccess(sql, take("repository_access"), given));
  note(take("user"), await storeUsers(sql, take("user"), scope));
  note(take("label"), await storeLabels(sql, take("label"), scope));
  await markCommentsDeleted(sql, await versioned("issue", take("issue"), scope), scope);
  await versioned("pull_request", take("pull_request"), scope);
  note(take("pull_request_touch"), await touchPullRequests(sql, take("pull_request_touch")));
  await versioned("deployment", take("deployment"), scope);
  await versioned("review", take("review"), scope);
  const comments = take("issue_comment");
  const buried = await buriedComments(sql, comments);
  const stored = await versioned("issue_comment", buried, scope);
  note(
    comments,
    stored.map(({ result }) => result),
  );
  await versioned("deployment_status", take("deployment_status"), scope);
  await versioned("release", take("release"), scope);
  note(take("commit"), await storeCommits(sql, take("commit"), scope));
  note(take("push"), await storePushes(sql, take("push"), scope));

  return facts.flatMap((fact) => {
    const result = results.get(fact);
    return result === undefined ? [] : [{ fact, result }];
  });
}

/**
 * The installation of a single repository's facts. Facts of several repositories come from a read of their own
 * installation.
 */
function ownerOf(known: readonly bigint[], repositories: readonly Stored[]): bigint | null {
  const owners = new Set([...known, ...repositories.map(({ owner }) => owner)]);
  const [only] = owners;
  return owners.size === 1 ? (only ?? null) : null;
}
