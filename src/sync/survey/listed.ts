import { z } from "zod";
import { RepositoryBody, type RepositoryName } from "../../facts/repository.js";
import type { Reading } from "../entity.js";

export const LIST = "GET /installation/repositories";

/** The fields that identify the repository in a malformed body. */
const Broken = z
  .object({ id: z.int(), node_id: z.string().nullish().catch(null), full_name: z.string() })
  .transform(({ id, node_id, full_name }): RepositoryName => {
    const name = full_name.slice(full_name.indexOf("/") + 1);
    return { id, node_id: node_id ?? null, name, full_name, private: null };
  });

/**
 * A page of the installation's own list. A malformed body does not affect the others, unless it does not even identify
 * its repository: repositories missing from the list are hidden.
 */
const Page = z.object({ total_count: z.int(), repositories: z.array(z.union([RepositoryBody, Broken])) });
export type ListedRepository = RepositoryBody | RepositoryName;

export function isWhole(listed: ListedRepository): listed is RepositoryBody {
  return "owner" in listed;
}

export async function listPage({ client }: Reading, size: number, page: number) {
  const { data } = await client.rest(LIST, { per_page: size, page });
  const { total_count: total, repositories } = Page.parse(data);
  return { total, listed: repositories };
}

/** The first repository that matches, as the installation's list shows it; null: not in the list. */
export async function listedWhere(
  { client }: Reading,
  isIt: (listed: ListedRepository) => boolean,
): Promise<ListedRepository | null> {
  for await (const data of client.pages(LIST)) {
    const found = Page.parse(data).repositories.find(isIt);
    if (found) return found;
  }
  return null;
}
