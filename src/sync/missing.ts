import { z } from "zod";
import { GoneError } from "../errors.js";
import type { Absence } from "../store/sync/absence.js";
import { type ListedTable, type Missing, unseen } from "../store/sync/unseen.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { fullName } from "./gone.js";
import { resumePointText, type ResumePoint } from "./resume-point.js";

/** The number of checks in one step; the results are stored before the next step. */
export const MOST_LOOKED_UP = 100;

/** The facts of the last page of a complete reading, and where it continues; null at the end. */
export interface Behind {
  readonly absences: readonly Absence[];
  readonly next: string | null;
}

/**
 * The stored rows that a complete reading of a repository's list did not show and that no longer exist at GitHub.
 * `listed` is the last page.
 */
export async function missingAfter(
  reading: Reading,
  repository: SyncedRepository,
  table: "pull_requests" | "issues",
  listed: readonly number[],
  resumePoint: ResumePoint,
): Promise<Behind> {
  if (reading.cursor.since !== null) return { absences: [], next: null };
  const { missing, next } = await nextMissing(reading, repository, table, listed, resumePoint);
  return { absences: await deletedOrMoved(reading, repository, table, missing), next };
}

/** The next rows that no page of the list showed. */
export async function nextMissing(
  { sql, cursor, observedAt }: Reading,
  { id }: SyncedRepository,
  table: ListedTable,
  listed: readonly number[],
  { page, askedTo: after }: ResumePoint,
): Promise<{ readonly missing: readonly Missing[]; readonly next: string | null }> {
  const began = cursor.started_at ?? observedAt;
  const missing = await unseen(sql, table, id, { began, listed, after, limit: MOST_LOOKED_UP });
  const last = missing.length < MOST_LOOKED_UP ? undefined : missing.at(-1);
  return { missing, next: last ? resumePointText({ page, askedTo: last.id }) : null };
}

/** Reads each of them from GitHub: deleted or moved. Rows that still exist are not returned. */
export async function deletedOrMoved(
  reading: Reading,
  repository: SyncedRepository,
  table: "pull_requests" | "issues",
  missing: readonly Missing[],
): Promise<readonly Absence[]> {
  const gone: { id: number; transferredTo: string | null }[] = [];
  for (const { id, called } of missing) {
    const where = await whereIs(reading, repository, called);
    if (where !== fullName(repository)) gone.push({ id, transferredTo: where });
  }
  if (gone.length === 0) return [];
  await assertAccessible(reading, repository);
  return [{ table, repositoryId: repository.id, gone }];
}

/**
 * A 404 proves a deletion only while the App can access the repository.
 * @throws GoneError when it cannot.
 */
export async function assertAccessible({ client }: Reading, { id }: SyncedRepository): Promise<void> {
  await client.rest("GET /repositories/{repository_id}", { repository_id: id });
}

const Issue = z.object({ number: z.int(), repository_url: z.string() });

/** Where the issue with that number is: here, moved to `owner/name#number`, or null when it was deleted. */
async function whereIs({ client }: Reading, repository: SyncedRepository, number: number): Promise<string | null> {
  try {
    const { owner, name: repo } = repository;
    const { data } = await client.rest("GET /repos/{owner}/{repo}/issues/{issue_number}", {
      owner,
      repo,
      issue_number: number,
    });
    const issue = Issue.parse(data);
    const home = issue.repository_url.split("/").slice(-2).join("/");
    // An issue that was moved away and back has another number, and is another row.
    const here = home.toLowerCase() === fullName(repository).toLowerCase() && issue.number === number;
    return here ? fullName(repository) : `${home}#${issue.number}`;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
