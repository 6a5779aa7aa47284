import type { Fact } from "../facts/fact.js";
import { GET_ISSUE_DETAILS } from "../github/queries/get-issue-details.js";
import { GET_PULL_REQUEST_DETAILS } from "../github/queries/get-pull-request-details.js";
import { FIRST_OF_ISSUE } from "../github/queries/issue.js";
import { FIRST_OF_PULL_REQUEST } from "../github/queries/pull-request.js";
import { ask } from "../github/queries/query.js";
import type { PullRequestExtras } from "../store/sync/pull-request-extras.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { issuesRead } from "./read-issues.js";
import { pullRequestsRead } from "./read-pull-requests.js";

/** Repositories by id, if the installation can access them. */
export type Repositories = ReadonlyMap<number, SyncedRepository>;

export interface ReadConversations {
  readonly facts: readonly Fact[];
  readonly extras: readonly PullRequestExtras[];
}

/** Ids in one request: as many as the page size, so that they shrink with it. */
const batches = (ids: readonly string[], size: number): string[][] =>
  Array.from({ length: Math.ceil(ids.length / size) }, (_, index) => ids.slice(index * size, (index + 1) * size));

/** Pull requests of any repository of the account, by node id. */
export async function pullRequestsById(
  reading: Reading,
  repositories: Repositories,
  ids: readonly string[],
): Promise<ReadConversations> {
  const facts: Fact[] = [];
  const extras: PullRequestExtras[] = [];
  for (const some of batches(ids, reading.pageSize)) {
    const answer = await ask(reading.client, GET_PULL_REQUEST_DETAILS, { ids: some, ...FIRST_OF_PULL_REQUEST });
    for (const [repository, nodes] of byRepository(repositories, answer.data.nodes)) {
      const read = await pullRequestsRead(reading, repository, nodes, answer);
      facts.push(...read.facts);
      extras.push(...read.extras);
    }
  }
  return { facts, extras };
}

/** Issues of any repository of the account, by node id. */
export async function issuesById(
  reading: Reading,
  repositories: Repositories,
  ids: readonly string[],
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const some of batches(ids, reading.pageSize)) {
    const answer = await ask(reading.client, GET_ISSUE_DETAILS, { ids: some, ...FIRST_OF_ISSUE });
    for (const [repository, nodes] of byRepository(repositories, answer.data.nodes))
      facts.push(...(await issuesRead(reading, repository, nodes)));
  }
  return facts;
}

interface Placed {
  readonly repository: { readonly databaseId: number | null };
}

function byRepository<N extends Placed>(
  repositories: Repositories,
  nodes: readonly (N | null)[],
): ReadonlyMap<SyncedRepository, readonly N[]> {
  const groups = new Map<SyncedRepository, N[]>();
  for (const node of nodes) {
    const repository = repositories.get(node?.repository.databaseId ?? 0);
    if (node && repository) groups.set(repository, [...(groups.get(repository) ?? []), node]);
  }
  return groups;
}
