import { GET_REPOSITORY_WITH_PRS } from "../../github/queries/get-repository-with-prs.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { FIRST_OF_PULL_REQUEST } from "../../github/queries/pull-request.js";
import { ask } from "../../github/queries/query.js";
import { missingAfter } from "../missing.js";
import type { Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { resumePointOf } from "../resume-point.js";
import { pullRequestsRead } from "../read-pull-requests.js";

/** Pull requests with their reviews, labels, reviewers, linked issues and checks, latest change first. */
export const pullRequests: Unit = {
  name: "pull_requests",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "older",
  async read(reading) {
    const repository = repositoryOf(reading);
    const resumePoint = resumePointOf(reading.cursor);
    const answer = await ask(reading.client, GET_REPOSITORY_WITH_PRS, {
      repositoryId: repository.nodeId,
      pageSize: reading.pageSize,
      cursor: resumePoint.page,
      ...FIRST_OF_PULL_REQUEST,
    });
    const page = present(answer.data.repository, answer, "the repository").pullRequests;
    const more = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    const ids = page.nodes.map(({ fullDatabaseId }) => fullDatabaseId);
    const behind = more === null ? await missingAfter(reading, repository, "pull_requests", ids, resumePoint) : null;
    return {
      absences: behind?.absences ?? [],
      ...(await pullRequestsRead(reading, repository, page.nodes, answer)),
      rows: resumePoint.askedTo > 0 ? 0 : page.nodes.length,
      total: page.totalCount,
      next: more ?? behind?.next ?? null,
      oldest: page.nodes.at(-1)?.updatedAt ?? null,
    };
  },
};
