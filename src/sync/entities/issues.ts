import { GET_REPOSITORY_ISSUES } from "../../github/queries/get-repository-issues.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { FIRST_OF_ISSUE } from "../../github/queries/issue.js";
import { ask } from "../../github/queries/query.js";
import { missingAfter } from "../missing.js";
import type { Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { resumePointOf } from "../resume-point.js";
import { issuesRead } from "../read-issues.js";

/** Issues with their labels and assignees, latest change first. A reading of all of them finds deletions at its end. */
export const issues: Unit = {
  name: "issues",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "older",
  async read(reading) {
    const repository = repositoryOf(reading);
    const resumePoint = resumePointOf(reading.cursor);
    const answer = await ask(reading.client, GET_REPOSITORY_ISSUES, {
      repositoryId: repository.nodeId,
      pageSize: reading.pageSize,
      cursor: resumePoint.page,
      ...FIRST_OF_ISSUE,
    });
    const page = present(answer.data.repository, answer, "the repository").issues;
    const more = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    const ids = page.nodes.map(({ fullDatabaseId }) => fullDatabaseId);
    const behind = more === null ? await missingAfter(reading, repository, "issues", ids, resumePoint) : null;
    return {
      absences: behind?.absences ?? [],
      facts: await issuesRead(reading, repository, page.nodes),
      rows: resumePoint.askedTo > 0 ? 0 : page.nodes.length,
      total: page.totalCount,
      next: more ?? behind?.next ?? null,
      oldest: page.nodes.at(-1)?.updatedAt ?? null,
    };
  },
};
