import type { Outcome } from "../domain.js";
import { GoneError, NetworkError } from "../errors.js";
import type { Fact } from "../facts/fact.js";
import type { GitHubReader, RepositoryRef } from "../github/reader.js";
import { applyFacts } from "../store/facts/apply.js";
import { markUnseenDeleted } from "../store/facts/mark-unseen-deleted.js";
import { noteReadAlone } from "../store/facts/read-alone.js";
import { pullRequestNumber, storedVersion } from "../store/facts/stored-version.js";
import { findRepository, type KnownRepository } from "../store/repositories/find-repository.js";
import type { Sql, Store } from "../store/store.js";
import { storedUpTo } from "../store/sync/stored-up-to.js";
import { defineAppJob } from "./define-job.js";
import { readSubject, Subject } from "./refresh-read.js";

/**
 * Reads one object from GitHub and stores it. It settles two versions of one second, and fetches rows that a delivery
 * refers to and that are missing.
 */
export const refresh = defineAppJob({
  name: "refresh",
  queue: "sync",
  class: "live",
  payload: Subject,
  attempts: 8,
  key: keyOf,
  async run(subject, { store, github, clock }): Promise<Outcome> {
    const known = await findRepository(store.sql, subject.repositoryId);
    if (known === null) return { status: "skipped", reason: "the repository is no longer stored" };
    const pullNumber = subject.entity === "review" ? await pullRequestNumber(store.sql, subject.pullRequestId) : null;
    const before = await versionOf(store.sql, subject);
    const began = clock.now();
    const scope = { repositoryId: subject.repositoryId, repository: known.fullName, observedAt: began.toISOString() };
    let facts: readonly Fact[];
    try {
      facts = await readSubject(github(), subject, { ref: known.ref, scope, pullNumber });
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
      return gone(subject, known, { store, github: github(), now: clock.now() }, error);
    }
    const main = facts.find(({ entity }) => entity === subject.entity);
    if (main === undefined) return { status: "skipped", reason: `GitHub has no ${subject.entity} with this number` };
    if (before !== null && versionIn(main) < before) {
      throw new NetworkError("GitHub's answer is older than the stored delivery");
    }
    const scopeOfRows = { installationId: known.installationId, now: clock.now() };
    const applied = await store.transaction((sql) => applyFacts(sql, facts, scopeOfRows));
    await noteReadAlone(store.sql, facts, began);
    const result = applied.find(({ fact }) => fact === main)?.result ?? "unchanged";
    return { status: "done", reason: `${main.key} was read from GitHub: ${result}` };
  },
});

/**
 * A deletion has its own delivery. If that was lost, an object that GitHub does not have and that only old deliveries
 * have shown counts as deleted, unless the App lost access to the whole repository.
 */
async function gone(
  subject: Subject,
  { ref, installationId }: KnownRepository,
  { store, github, now }: { readonly store: Store; readonly github: GitHubReader; readonly now: Date },
  { message }: GoneError,
): Promise<Outcome> {
  const kept: Outcome = { status: "skipped", reason: `the stored row stays: ${message}` };
  if (!("id" in subject) || !(await isThere(github, ref))) return kept;
  const isDeleted = await store.transaction(async (sql) => {
    const upTo = await storedUpTo(sql, installationId, subject.repositoryId);
    return upTo !== null && markUnseenDeleted(sql, subject.entity, subject.id, { upTo, now });
  });
  return isDeleted ? { status: "done", reason: `deleted: GitHub's list does not have it, and ${message}` } : kept;
}

async function isThere(github: GitHubReader, ref: RepositoryRef): Promise<boolean> {
  try {
    await github.repository(ref.id);
    return true;
  } catch (error) {
    if (error instanceof GoneError) return false;
    throw error;
  }
}

function keyOf(subject: Subject): string {
  if ("id" in subject) return `${subject.entity}/${subject.id}`;
  if ("number" in subject) return `${subject.entity}/${subject.repositoryId}#${subject.number}`;
  return `${subject.entity}/${subject.repositoryId}`;
}

function versionOf(sql: Sql, subject: Subject): Promise<Date | null> {
  if ("id" in subject) return storedVersion(sql, subject.entity, { id: subject.id });
  if ("number" in subject) return storedVersion(sql, subject.entity, subject);
  return storedVersion(sql, subject.entity, { id: subject.repositoryId });
}

/** The version that a read returns; a fact without a version counts as newest. */
function versionIn(fact: Fact): Date {
  return "updated_at" in fact.row ? new Date(fact.row.updated_at) : new Date(8.64e15);
}
