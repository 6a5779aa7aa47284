import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { GET_ORG_REPOSITORIES, type RepositoryNode } from "../../github/queries/get-org-repositories.js";
import { ask } from "../../github/queries/query.js";
import type { NewCursor } from "../../store/sync/cursors.js";
import { plannedRepositories } from "../../store/sync/awaited.js";
import { ENTITIES, type EntityName, type Unit } from "../entity.js";
import { present } from "../gone.js";
import { mirrored } from "../visible.js";

/** Reads how many items each repository has: empty lists are skipped, and the progress has totals. */
export const totals: Unit = {
  name: "totals",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "never",
  async read(reading) {
    const answer = await ask(reading.client, GET_ORG_REPOSITORIES, {
      login: reading.account,
      pageSize: reading.pageSize,
      cursor: reading.cursor.cursor,
    });
    const page = present(answer.data.repositoryOwner, answer, reading.account).repositories;
    const visible = await mirrored(reading);
    const ids = new Set(visible.map(({ id }) => id));
    const first = reading.cursor.rows;
    const found = page.nodes.flatMap((node, index) => (ids.has(node.databaseId) ? cursorsOf(node, first + index) : []));
    const last = !page.pageInfo.hasNextPage;
    const planned = last ? await plannedRepositories(reading.sql, reading.installationId) : new Set<number>();
    const others = last ? visible.filter(({ id }) => !planned.has(id)) : [];
    return {
      facts: [],
      // Repositories that this list does not show are read without a total; the others already have cursors.
      found: [...found, ...others.flatMap(({ id }) => wholeRepository(id, LAST))],
      rows: page.nodes.length,
      total: page.totalCount,
      next: last ? null : page.pageInfo.endCursor,
    };
  },
};

const LAST = 1_000_000;

/** Cursors for every entity of a repository, from the beginning. */
export function wholeRepository(repositoryId: number, position: number): NewCursor[] {
  return ENTITIES.map((entity) => ({ repositoryId, entity, position, since: null, total: null }));
}

function cursorsOf(node: RepositoryNode, position: number): NewCursor[] {
  const totals: Readonly<Record<EntityName, number | null>> = {
    pull_requests: node.pullRequests.totalCount,
    issues: node.issues.totalCount,
    comments: node.pullRequests.totalCount + node.issues.totalCount === 0 ? 0 : null,
    commits: node.defaultBranchRef === null ? 0 : null,
    deployments: node.deployments.totalCount,
    releases: node.releases.totalCount,
  };
  return ENTITIES.map((entity) => ({
    repositoryId: node.databaseId,
    entity,
    position,
    since: null,
    total: totals[entity],
  }));
}
