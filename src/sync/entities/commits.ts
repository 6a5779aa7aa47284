import { GET_COMMIT_DETAILS } from "../../github/queries/get-commit-details.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { ask } from "../../github/queries/query.js";
import type { Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { commitNodeFact } from "../map/commit.js";
import { scopeOf } from "../scope.js";

/** Commits of the default branch, the latest first. An empty repository has none. */
export const commits: Unit = {
  name: "commits",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "unchanged",
  async read(reading) {
    const repository = repositoryOf(reading);
    const answer = await ask(reading.client, GET_COMMIT_DETAILS, {
      repositoryId: repository.nodeId,
      pageSize: reading.pageSize,
      cursor: reading.cursor.cursor,
    });
    const history = present(answer.data.repository, answer, "the repository").defaultBranchRef?.target?.history;
    if (!history) return { facts: [], rows: 0, total: 0, next: null };
    const scope = scopeOf(reading, repository);
    return {
      facts: history.nodes.map((node) => commitNodeFact(node, scope)),
      rows: history.nodes.length,
      total: history.totalCount,
      next: history.pageInfo.hasNextPage ? history.pageInfo.endCursor : null,
    };
  },
};
