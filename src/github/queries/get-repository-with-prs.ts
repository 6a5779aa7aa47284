import { z } from "zod";
import { ACTOR, LABEL, PAGE_INFO, PULL_REQUEST, PULL_REQUEST_VARIABLES, RATE_LIMIT, REVIEW } from "./fragments.js";
import { PullRequestNode, type PullRequestVariables } from "./pull-request.js";
import type { Query } from "./query.js";
import { connection, Costs } from "./scalars.js";

const Result = Costs.extend({
  repository: z
    .object({
      id: z.string(),
      databaseId: z.number().int().nullable(),
      nameWithOwner: z.string(),
      pullRequests: connection(PullRequestNode).extend({ totalCount: z.number().int() }),
    })
    .nullable(),
});

type PageVariables = PullRequestVariables & {
  readonly repositoryId: string;
  readonly pageSize: number;
  readonly cursor: string | null;
};

/** A page of a repository's pull requests with all mirrored fields, latest change first. */
export const GET_REPOSITORY_WITH_PRS: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_REPOSITORY_WITH_PRS",
  schema: Result,
  text: `query GET_REPOSITORY_WITH_PRS($repositoryId: ID!, $pageSize: Int!, $cursor: String, ${PULL_REQUEST_VARIABLES}) {
  ${RATE_LIMIT}
  repository: node(id: $repositoryId) {
    ... on Repository {
      id
      databaseId
      nameWithOwner
      pullRequests(first: $pageSize, after: $cursor, orderBy: { field: UPDATED_AT, direction: DESC }) {
        totalCount
        ${PAGE_INFO}
        nodes { ...PullRequest }
      }
    }
  }
}
${PULL_REQUEST}
${REVIEW}
${LABEL}
${ACTOR}`,
};
