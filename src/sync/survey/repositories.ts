import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Fact } from "../../facts/fact.js";
import { accessFacts } from "../../facts/installation.js";
import { namedRepositoryFact, RepositoryBody, repositoryFact } from "../../facts/repository.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { renamedRepositories } from "../../store/repositories/renamed.js";
import { awaitedLists } from "../../store/sync/awaited.js";
import { type NewCursor, NO_REPOSITORY } from "../../store/sync/cursors.js";
import { unseenRepositories, visibleRepositories, visibleRepository } from "../../store/sync/repositories.js";
import { MOST_LOOKED_UP } from "../missing.js";
import { isAboutOne } from "../isolate.js";
import { rowOf } from "../entities/repository.js";
import type { Page, Reading, Unit } from "../entity.js";
import { isWhole, type ListedRepository, listedWhere, listPage } from "./listed.js";
import { wholeRepository } from "./totals.js";
import { storableJson } from "../../text/storable.js";

/**
 * A page of the list; `again` marks the second reading, whose omissions are conclusive. On the last page it holds the
 * id up to which missing repositories were looked up, and whether one of them still exists.
 */
const Place = z.object({
  page: z.int(),
  again: z.boolean(),
  askedTo: z.int().default(0),
  isSure: z.boolean().default(true),
});
type Place = z.infer<typeof Place>;

const write = (place: z.input<typeof Place>): string => storableJson(place);

/** The start of the list. */
export const FIRST_PAGE = write({ page: 1, again: false });

/**
 * Every repository that the installation can access, by REST, the only API that knows the selection. Reading a single
 * public repository proves no access. Stored repositories that are not in the list are hidden.
 */
export const repositories: Unit = {
  name: "repositories",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  async read(reading) {
    const page = await list(reading, reading.cursor.cursor ?? FIRST_PAGE);
    if (page.next !== null) return page;
    const entity = reading.mode === "full" ? "totals" : "activity";
    const { since } = reading.cursor;
    const survey = { repositoryId: NO_REPOSITORY, entity, position: 1, since, total: null };
    return { ...page, found: [...(page.found ?? []), survey] };
  },
};

/**
 * The same list for an incremental sync. It is read only if the number of repositories differs from the rows, which one
 * request shows, and only after new rows are stored.
 */
export const selection: Unit = {
  name: "selection",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  async read(reading) {
    const { cursor } = reading.cursor;
    if (cursor !== null) return list(reading, cursor);
    const { total } = await listPage(reading, 1, 1);
    const stored = await visibleRepositories(reading.sql, reading.installationId);
    return { facts: [], rows: 0, total, next: stored.length === total ? null : FIRST_PAGE };
  },
};

async function list(reading: Reading, cursor: string): Promise<Page> {
  const place = Place.parse(JSON.parse(cursor));
  const { total, listed } = await listPage(reading, reading.pageSize, place.page);
  const facts = [...seenFacts(reading, listed), ...(await renamedFacts(reading, listed))];
  const found = [...(await unread(reading, listed)), ...brokenRows(reading, listed)];
  const page = { found, rows: listed.length, total };
  if (listed.length === reading.pageSize) return { ...page, facts, next: write({ ...place, page: place.page + 1 }) };
  const { hidden, next } = await unseen(reading, listed, place);
  return { ...page, facts: [...facts, ...hidden], next };
}

/** Cursors for each new repository. A full sync reads every repository anyway. */
async function unread(reading: Reading, listed: readonly ListedRepository[]) {
  if (reading.mode === "full") return [];
  const known = new Set((await visibleRepositories(reading.sql, reading.installationId)).map(({ id }) => id));
  const fresh = listed.filter(({ id, full_name }) => !known.has(id) && reading.allows(full_name)).map(({ id }) => id);
  const awaited = await awaitedLists(reading.sql, reading.installationId, fresh);
  return fresh
    .flatMap((id) => wholeRepository(id, reading.cursor.rows))
    .filter(({ repositoryId, entity }) => !awaited.has(repositoryId, entity));
}

/**
 * The facts of repositories and of the App's access, without excluded repositories. A malformed body stores only the
 * name, unless more is already stored.
 */
export function seenFacts({ observedAt, allows }: Reading, seen: readonly ListedRepository[]): Fact[] {
  const at = observedAt.toISOString();
  const ours = seen.filter(({ full_name }) => allows(full_name));
  const rows = ours.map((each) =>
    isWhole(each) ? repositoryFact(each, { observedAt: at }) : namedRepositoryFact(each),
  );
  return [...rows, ...accessFacts(ours, true, at)];
}

/** The rows of excluded repositories whose stored name is out of date. */
async function renamedFacts({ sql, installationId, observedAt, allows }: Reading, listed: readonly ListedRepository[]) {
  const denied = listed.filter(isWhole).filter(({ full_name }) => !allows(full_name));
  const renamed = await renamedRepositories(sql, installationId, denied);
  const at = observedAt.toISOString();
  return denied.filter(({ id }) => renamed.has(id)).map((body) => repositoryFact(body, { observedAt: at }));
}

/** Repositories that the list could not show completely are read one by one. */
export function brokenRows({ cursor, allows }: Reading, listed: readonly ListedRepository[]): NewCursor[] {
  const broken = listed.filter((each) => !isWhole(each) && allows(each.full_name));
  return broken.map(({ id }) => rowOf(id, cursor.rows));
}

/**
 * Hides stored repositories that were on no page, some in each step. Pages shift when repositories come and go. A
 * missing repository that still exists is hidden only if a second reading does not show it either.
 */
async function unseen(
  reading: Reading,
  last: readonly ListedRepository[],
  place: Place,
): Promise<{ readonly hidden: readonly Fact[]; readonly next: string | null }> {
  const { page, again, askedTo } = place;
  const since = reading.cursor.started_at ?? reading.observedAt;
  const here = new Set(last.map(({ id }) => id));
  const rows = (await unseenRepositories(reading.sql, reading.installationId, since))
    .filter(({ id, full_name }) => id > askedTo && !here.has(id) && reading.allows(full_name))
    .sort((a, b) => a.id - b.id);
  const some = again || page === 1 ? rows : rows.slice(0, MOST_LOOKED_UP);
  const hidden: Fact[] = [];
  let { isSure } = place;
  for (const { id, full_name } of some) {
    const body = again || page === 1 ? "gone" : await readRepository(reading, id);
    if (body === "unreadable") isSure = false;
    else if (body !== "gone" && body.owner.login.toLowerCase() === reading.account.toLowerCase()) isSure = false;
    else hidden.push(...accessFacts([{ id, full_name }], false, reading.observedAt.toISOString()));
  }
  const [end] = some.slice(-1);
  if (end && some.length < rows.length) return { hidden, next: write({ ...place, askedTo: end.id, isSure }) };
  return { hidden, next: isSure ? null : write({ page: 1, again: true }) };
}

/** Whether the installation has access to the repository, according to the row, else to its list. */
export async function isGranted(reading: Reading, id: number): Promise<boolean> {
  if (await visibleRepository(reading.sql, reading.installationId, id)) return true;
  return (await listedWhere(reading, (listed) => listed.id === id)) !== null;
}

/**
 * The repository with that id, whatever its name: `gone` when the App cannot see it, `unreadable` when only it fails.
 */
export async function readRepository({ client }: Reading, id: number): Promise<RepositoryBody | "gone" | "unreadable"> {
  try {
    const { data } = await client.rest("GET /repositories/{repository_id}", { repository_id: id });
    return RepositoryBody.parse(data);
  } catch (error) {
    if (error instanceof GoneError) return "gone";
    if (isAboutOne(error)) return "unreadable";
    throw error;
  }
}
