import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Fact } from "../../facts/fact.js";
import { accessFacts } from "../../facts/installation.js";
import { type RepositoryBody, RepositoryBody as Body, repositoryFact } from "../../facts/repository.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { NO_REPOSITORY } from "../../store/sync/cursors.js";
import { unseenRepositories, visibleRepositories } from "../../store/sync/repositories.js";
import type { Page, Reading, Unit } from "../entity.js";

const Repositories = z.object({ total_count: z.int(), repositories: z.array(Body) });

/**
 * Everything that the installation may see, by REST: it alone knows which repositories were selected. What is stored and
 * not in the list is asked for one by one: deleted, transferred away, or not ours to see any more.
 */
export const repositories: Unit = {
  name: "repositories",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  async read(reading) {
    const page = await list(reading, Number(reading.cursor.cursor ?? 1));
    if (page.next !== null) return page;
    const entity = reading.mode === "full" ? "totals" : "activity";
    const { since } = reading.cursor;
    return { ...page, found: [{ repositoryId: NO_REPOSITORY, entity, position: 1, since, total: null }] };
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
    if (cursor !== null) return list(reading, Number(cursor));
    const { data } = await reading.client.rest("GET /installation/repositories", { per_page: 1 });
    const { total_count: total } = Repositories.parse(data);
    const stored = await visibleRepositories(reading.sql, reading.installationId);
    return { facts: [], rows: 0, total, next: stored.length === total ? null : "1" };
  },
};

async function list(reading: Reading, number: number): Promise<Page> {
  const { data } = await reading.client.rest("GET /installation/repositories", {
    per_page: reading.pageSize,
    page: number,
  });
  const { total_count: total, repositories: bodies } = Repositories.parse(data);
  const facts = seenFacts(reading, bodies);
  const rows = bodies.length;
  if (rows === reading.pageSize) return { facts, rows, total, next: String(number + 1) };
  return { facts: [...facts, ...(await unseenFacts(reading, bodies))], rows, total, next: null };
}

/** Repositories as they are, and that we see them; without those that the account does not want mirrored. */
export function seenFacts({ observedAt, allows }: Reading, seen: readonly RepositoryBody[]): Fact[] {
  const at = observedAt.toISOString();
  const bodies = seen.filter(({ full_name }) => allows(full_name));
  return [...bodies.map((body) => repositoryFact(body, { observedAt: at })), ...accessFacts(bodies, true, at)];
}

async function unseenFacts(reading: Reading, last: readonly RepositoryBody[]): Promise<Fact[]> {
  const since = reading.cursor.started_at ?? reading.observedAt;
  const unseen = await unseenRepositories(reading.sql, reading.installationId, since);
  const here = new Set(last.map(({ id }) => id));
  const facts: Fact[] = [];
  for (const { id, full_name } of unseen) {
    if (here.has(id) || !reading.allows(full_name)) continue;
    const body = await readRepository(reading, id);
    if (body && body.owner.login.toLowerCase() === reading.account.toLowerCase())
      facts.push(...seenFacts(reading, [body]));
    else facts.push(...accessFacts([{ id, full_name }], false, reading.observedAt.toISOString()));
  }
  return facts;
}

/** The repository of that number, by whatever name; null when it is not there for us. */
export async function readRepository({ client }: Reading, id: number): Promise<RepositoryBody | null> {
  try {
    const { data } = await client.rest("GET /repositories/{repository_id}", { repository_id: id });
    return Body.parse(data);
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
