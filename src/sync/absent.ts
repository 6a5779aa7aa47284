import { z } from "zod";
import { GoneError } from "../errors.js";
import type { Absence } from "../store/sync/absence.js";
import { type ListedTable, type Missing, unseen } from "../store/sync/unseen.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { fullName } from "./gone.js";
import { askingOn, type Place } from "./place.js";

/** What is asked for in one step: what is settled is stored before the rest is asked for. */
export const MOST_ASKED = 100;

/** What the last page of a complete reading finds, and where it is to go on; null at the end. */
export interface Behind {
  readonly absences: readonly Absence[];
  readonly next: string | null;
}

/** What a complete reading of a repository's list, whose last page shows `listed`, has not seen, and is not there any more. */
export async function absencesBehind(
  reading: Reading,
  repository: SyncedRepository,
  table: "pull_requests" | "issues",
  listed: readonly number[],
  place: Place,
): Promise<Behind> {
  if (reading.cursor.since !== null) return { absences: [], next: null };
  const { missing, next } = await missingBehind(reading, repository, table, listed, place);
  return { absences: await absencesOf(reading, repository, table, missing), next };
}

/** The next of what no page of the list showed. */
export async function missingBehind(
  { sql, cursor, observedAt }: Reading,
  { id }: SyncedRepository,
  table: ListedTable,
  listed: readonly number[],
  { page, askedTo: after }: Place,
): Promise<{ readonly missing: readonly Missing[]; readonly next: string | null }> {
  const began = cursor.started_at ?? observedAt;
  const missing = await unseen(sql, table, id, { began, listed, after, limit: MOST_ASKED });
  const last = missing.length < MOST_ASKED ? undefined : missing.at(-1);
  return { missing, next: last ? askingOn({ page, askedTo: last.id }) : null };
}

/** Asks for each of them by itself: gone, or moved. One that is still there is none. */
export async function absencesOf(
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
  await inSight(reading, repository);
  return [{ table, repositoryId: repository.id, gone }];
}

/**
 * That something is not there says nothing while its repository is out of our sight.
 * @throws GoneError when it is.
 */
export async function inSight({ client }: Reading, { id }: SyncedRepository): Promise<void> {
  await client.rest("GET /repositories/{repository_id}", { repository_id: id });
}

const Issue = z.object({ number: z.int(), repository_url: z.string() });

/** Where the issue of that number is: here, moved to `owner/name#number`, or null when it is gone. */
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
    // Moved away and back it has another number, and is another row.
    const here = home.toLowerCase() === fullName(repository).toLowerCase() && issue.number === number;
    return here ? fullName(repository) : `${home}#${issue.number}`;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
