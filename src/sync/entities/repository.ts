import { RepositoryBody, repositoryFact } from "../../facts/repository.js";
import type { Unit } from "../entity.js";

/** A repository's own row, by its number, where a list over all of them could not bring it. */
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

/** Work for it, behind the lists that are known to be read. */
export function rowOf(repositoryId: number, position: number) {
  return { repositoryId, entity: repository.name, position, since: null, total: null };
}
