import { GoneError } from "../errors.js";
import type { Absence } from "../store/sync/absence.js";
import type { Missing } from "../store/sync/unseen.js";
import { type Behind, inSight, missingBehind } from "./absent.js";
import type { Reading, SyncedRepository } from "./entity.js";
import type { Place } from "./place.js";

const ONE = {
  deployments: "GET /repos/{owner}/{repo}/deployments/{id}",
  releases: "GET /repos/{owner}/{repo}/releases/{id}",
} as const;
type PagedTable = keyof typeof ONE;

export interface OffPage extends Behind {
  /** Bodies of what is there all the same. */
  readonly there: readonly unknown[];
}

/**
 * What a list by pages, whose last page shows `listed`, did not show. A single page is sure of it. Several move when
 * something goes meanwhile, and what they skip is there: each is asked for by itself.
 */
export async function offPage(
  reading: Reading,
  repository: SyncedRepository,
  table: PagedTable,
  listed: readonly number[],
  place: Place,
): Promise<OffPage> {
  const { id: repositoryId } = repository;
  if (place.page === null) return { there: [], absences: [{ table, repositoryId, present: listed }], next: null };
  const { missing, next } = await missingBehind(reading, repository, table, listed, place);
  const there: unknown[] = [];
  const gone: number[] = [];
  for (const each of missing) {
    const body = await bodyOf(reading, repository, table, each);
    if (body === null) gone.push(each.id);
    else there.push(body);
  }
  if (gone.length > 0) await inSight(reading, repository);
  const notSeenSince = reading.cursor.started_at ?? reading.observedAt;
  const absences: Absence[] = gone.length > 0 ? [{ table, repositoryId, notSeenSince, among: gone }] : [];
  return { there, absences, next };
}

async function bodyOf(
  { client }: Reading,
  { owner, name: repo }: SyncedRepository,
  table: PagedTable,
  { called: id }: Missing,
): Promise<unknown> {
  try {
    return (await client.rest(ONE[table], { owner, repo, id })).data;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
