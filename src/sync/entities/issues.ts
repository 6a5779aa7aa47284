import { GET_REPOSITORY_ISSUES } from "../../github/queries/get-repository-issues.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { FIRST_OF_ISSUE } from "../../github/queries/issue.js";
import { ask } from "../../github/queries/query.js";
import { absencesBehind } from "../absent.js";
import type { Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { issuesRead } from "../read-issues.js";

/** Issues with their labels and assignees, the latest changed first. Deletions show at the end of a reading of all of them. */
export const issues: Unit = {
  name: "issues",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "older",
  async read(reading) {
    const repository = repositoryOf(reading);
    const answer = await ask(reading.client, GET_REPOSITORY_ISSUES, {
      repositoryId: repository.nodeId,
      pageSize: reading.pageSize,
      cursor: reading.cursor.cursor,
      ...FIRST_OF_ISSUE,
    });
    const page = present(answer.data.repository, answer, "the repository").issues;
    const next = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    const ids = page.nodes.map(({ fullDatabaseId }) => fullDatabaseId);
    return {
      absences: next === null ? await absencesBehind(reading, repository, "issues", ids) : [],
      facts: await issuesRead(reading, repository, page.nodes),
      rows: page.nodes.length,
      total: page.totalCount,
      next,
      oldest: page.nodes.at(-1)?.updatedAt ?? null,
    };
  },
};
