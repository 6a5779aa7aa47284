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
import { MOST_ASKED } from "../absent.js";
import { isAboutOne } from "../apart.js";
import { rowOf } from "../entities/repository.js";
import type { Page, Reading, Unit } from "../entity.js";
import { isWhole, type ListedRepository, listedWhere, listPage } from "./listed.js";
import { wholeRepository } from "./totals.js";

/**
 * A page of the list; `again` in the second reading, which is sure of what it does not show. On the last page: up to which
 * id what no page showed was asked for, and whether one of those is still there.
 */
const Place = z.object({
  page: z.int(),
  again: z.boolean(),
  askedTo: z.int().default(0),
  isSure: z.boolean().default(true),
});
type Place = z.infer<typeof Place>;

const write = (place: z.input<typeof Place>): string => JSON.stringify(place);

/** Where the list begins. */
export const FIRST_PAGE = write({ page: 1, again: false });

/**
 * Everything that the installation may see, by REST: it alone knows which repositories were selected. Reading one by
 * its number proves nothing, as everybody may read a public one. What is stored and not in the list is hidden.
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
 * The same list for an incremental sync, which reads it only when the number of repositories is another than what is
 * stored: one request tells. It comes last, when what is new is stored.
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

/** All of what is new here. A full sync reads everything anyway. */
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
 * Repositories as they are, and that we see them; without those that the account does not want mirrored. Of what is broken
 * the name is stored, so that it can be named, unless more is known already.
 */
export function seenFacts({ observedAt, allows }: Reading, seen: readonly ListedRepository[]): Fact[] {
  const at = observedAt.toISOString();
  const ours = seen.filter(({ full_name }) => allows(full_name));
  const rows = ours.map((each) =>
    isWhole(each) ? repositoryFact(each, { observedAt: at }) : namedRepositoryFact(each),
  );
  return [...rows, ...accessFacts(ours, true, at)];
}

/** The rows of what is left alone by the name that it has now, where they have another name. */
async function renamedFacts({ sql, installationId, observedAt, allows }: Reading, listed: readonly ListedRepository[]) {
  const denied = listed.filter(isWhole).filter(({ full_name }) => !allows(full_name));
  const renamed = await renamedRepositories(sql, installationId, denied);
  const at = observedAt.toISOString();
  return denied.filter(({ id }) => renamed.has(id)).map((body) => repositoryFact(body, { observedAt: at }));
}

/** What the list could not show as a whole is read by itself. */
export function brokenRows({ cursor, allows }: Reading, listed: readonly ListedRepository[]): NewCursor[] {
  const broken = listed.filter((each) => !isWhole(each) && allows(each.full_name));
  return broken.map(({ id }) => rowOf(id, cursor.rows));
}

/**
 * Hides what is stored and was in no page, a part of it in each step. Pages move when repositories come and go meanwhile:
 * one that is still there, by its number, is hidden only when a second reading does not show it either.
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
  const some = again || page === 1 ? rows : rows.slice(0, MOST_ASKED);
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

/** Whether the installation was given the repository: as it is stored, else as its list says. */
export async function isGranted(reading: Reading, id: number): Promise<boolean> {
  if (await visibleRepository(reading.sql, reading.installationId, id)) return true;
  return (await listedWhere(reading, (listed) => listed.id === id)) !== null;
}

/** The repository of that number, by whatever name: `gone` when it is not there for us, `unreadable` when it alone fails. */
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
