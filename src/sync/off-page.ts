import { GoneError } from "../errors.js";
import type { Absence } from "../store/sync/absence.js";
import type { Missing } from "../store/sync/unseen.js";
import { type Behind, assertAccessible, nextMissing } from "./missing.js";
import type { Reading, SyncedRepository } from "./entity.js";
import type { ResumePoint } from "./resume-point.js";

const ONE = {
  deployments: "GET /repos/{owner}/{repo}/deployments/{id}",
  releases: "GET /repos/{owner}/{repo}/releases/{id}",
} as const;
type PagedTable = keyof typeof ONE;

export interface OffPage extends Behind {
  /** Bodies of objects that exist although no page showed them. */
  readonly there: readonly unknown[];
}

/**
 * The rows that a paged list did not show; `listed` is its last page. A list of one page is conclusive. Several pages
 * shift when items are deleted meanwhile, and skip existing items, so each missing item is read by itself.
 */
export async function offPage(
  reading: Reading,
  repository: SyncedRepository,
  table: PagedTable,
  listed: readonly number[],
  place: ResumePoint,
): Promise<OffPage> {
  const { id: repositoryId } = repository;
  if (place.page === null) return { there: [], absences: [{ table, repositoryId, present: listed }], next: null };
  const { missing, next } = await nextMissing(reading, repository, table, listed, place);
  const there: unknown[] = [];
  const gone: number[] = [];
  for (const each of missing) {
    const body = await bodyOf(reading, repository, table, each);
    if (body === null) gone.push(each.id);
    else there.push(body);
  }
  if (gone.length > 0) await assertAccessible(reading, repository);
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
