import { z } from "zod";
import { GoneError } from "../errors.js";
import type { Absence } from "../store/sync/absence.js";
import { unseen } from "../store/sync/stored-versions.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { fullName } from "./gone.js";

/** What a complete reading of a repository's list, whose last page shows `listed`, has not seen, and is not there any more. */
export async function absencesBehind(
  reading: Reading,
  repository: SyncedRepository,
  table: "pull_requests" | "issues",
  listed: readonly number[],
): Promise<readonly Absence[]> {
  if (reading.cursor.since !== null) return [];
  const began = reading.cursor.started_at ?? reading.observedAt;
  return absencesOf(reading, repository, table, await unseen(reading.sql, table, repository.id, began, listed));
}

/** Asks for each of them by itself: gone, or moved. One that is still there is none. */
export async function absencesOf(
  reading: Reading,
  repository: SyncedRepository,
  table: "pull_requests" | "issues",
  missing: readonly { readonly id: number; readonly number: number }[],
): Promise<readonly Absence[]> {
  const gone: { id: number; transferredTo: string | null }[] = [];
  for (const { id, number } of missing) {
    const where = await whereIs(reading, repository, number);
    if (where !== fullName(repository)) gone.push({ id, transferredTo: where === null ? null : where });
  }
  return gone.length === 0 ? [] : [{ table, repositoryId: repository.id, gone }];
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
