import type { Outcome } from "../domain.js";
import { GoneError, NetworkError } from "../errors.js";
import type { Fact } from "../facts/fact.js";
import { applyFacts } from "../store/facts/apply.js";
import { pullRequestNumber, storedVersion } from "../store/facts/stored-version.js";
import { findRepository } from "../store/repositories/find-repository.js";
import type { Sql } from "../store/store.js";
import { defineJob } from "./define-job.js";
import { readSubject, Subject } from "./refresh-read.js";

/**
 * Reads one thing from GitHub and stores it as it is. It settles contents that tie in one second, and fetches what a
 * delivery speaks of and no row holds.
 */
export const refresh = defineJob({
  name: "refresh",
  queue: "sync",
  payload: Subject,
  attempts: 8,
  key: keyOf,
  async run(subject, { store, github, clock }): Promise<Outcome> {
    const known = await findRepository(store.sql, subject.repositoryId);
    if (known === null) return { status: "skipped", because: "the repository is not known any more" };
    const pullNumber = subject.entity === "review" ? await pullRequestNumber(store.sql, subject.pullRequestId) : null;
    const before = await versionOf(store.sql, subject);
    const began = clock.now();
    const scope = { repositoryId: subject.repositoryId, repository: known.fullName, observedAt: began.toISOString() };
    let facts: readonly Fact[];
    try {
      facts = await readSubject(github(), subject, { ref: known.ref, scope, pullNumber });
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
      // A deletion has its own delivery; only that one says so for certain.
      return { status: "skipped", because: `kept as it is stored: ${error.message}` };
    }
    const main = facts.find(({ entity }) => entity === subject.entity);
    if (main === undefined) return { status: "skipped", because: `it is no ${subject.entity} at GitHub` };
    if (before !== null && versionIn(main) < before) {
      throw new NetworkError("GitHub's answer is older than what it has delivered");
    }
    const scopeOfRows = { installationId: known.installationId, now: clock.now() };
    const applied = await store.transaction((sql) => applyFacts(sql, facts, scopeOfRows));
    const result = applied.find(({ fact }) => fact === main)?.result ?? "unchanged";
    return { status: "done", because: `${main.key} was read from GitHub: ${result}` };
  },
});

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

/** The version that a read gives; a fact without one is as new as can be. */
function versionIn(fact: Fact): Date {
  return "updated_at" in fact.row ? new Date(fact.row.updated_at) : new Date(8.64e15);
}
