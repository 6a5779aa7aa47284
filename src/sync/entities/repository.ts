import { RepositoryBody, repositoryFact } from "../../facts/repository.js";
import type { Unit } from "../entity.js";

/** A repository's own row, read by its id when the list of repositories could not provide it. */
export const repository: Unit = {
  name: "repository",
  largestPage: 1,
  adaptive: false,
  stops: "never",
  async read({ client, cursor, observedAt }) {
    const { data } = await client.rest("GET /repositories/{repository_id}", { repository_id: cursor.repository_id });
    const body = RepositoryBody.parse(data);
    const facts = [repositoryFact(body, { observedAt: observedAt.toISOString() })];
    return { facts, rows: 1, total: 1, next: null };
  },
};

/** Cursors for it, after the lists that are known to be read. */
export function rowOf(repositoryId: number, position: number) {
  return { repositoryId, entity: repository.name, position, since: null, total: null };
}
