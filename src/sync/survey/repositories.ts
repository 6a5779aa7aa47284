import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Fact } from "../../facts/fact.js";
import { accessFacts } from "../../facts/installation.js";
import { type RepositoryBody, RepositoryBody as Body, repositoryFact } from "../../facts/repository.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { NO_REPOSITORY } from "../../store/sync/cursors.js";
import { unseenRepositories } from "../../store/sync/repositories.js";
import type { Reading, Unit } from "../entity.js";

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
    const number = Number(reading.cursor.cursor ?? 1);
    const { data } = await reading.client.rest("GET /installation/repositories", {
      per_page: reading.pageSize,
      page: number,
    });
    const { total_count: total, repositories: bodies } = Repositories.parse(data);
    const facts = seenFacts(reading, bodies);
    const rows = bodies.length;
    if (bodies.length === reading.pageSize) return { facts, rows, total, next: String(number + 1) };
    const entity = reading.mode === "full" ? "totals" : "activity";
    const { since } = reading.cursor;
    return {
      facts: [...facts, ...(await unseenFacts(reading, bodies))],
      found: [{ repositoryId: NO_REPOSITORY, entity, position: 1, since, total: null }],
      rows,
      total,
      next: null,
    };
  },
};

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
