import { z } from "zod";
import { ACTOR, ISSUE, ISSUE_VARIABLES, LABEL, PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import { IssueNode, type IssueVariables } from "./issue.js";
import type { Query } from "./query.js";
import { connection, Costs } from "./scalars.js";

const Result = Costs.extend({
  repository: z
    .object({
      id: z.string(),
      databaseId: z.number().int().nullable(),
      nameWithOwner: z.string(),
      issues: connection(IssueNode).extend({ totalCount: z.number().int() }),
    })
    .nullable(),
});

type PageVariables = IssueVariables & {
  readonly repositoryId: string;
  readonly pageSize: number;
  readonly cursor: string | null;
};

/** A page of a repository's issues, latest change first. REST is cheaper for their comments. */
export const GET_REPOSITORY_ISSUES: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_REPOSITORY_ISSUES",
  schema: Result,
  text: `query GET_REPOSITORY_ISSUES($repositoryId: ID!, $pageSize: Int!, $cursor: String, ${ISSUE_VARIABLES}) {
  ${RATE_LIMIT}
  repository: node(id: $repositoryId) {
    ... on Repository {
      id
      databaseId
      nameWithOwner
      issues(first: $pageSize, after: $cursor, orderBy: { field: UPDATED_AT, direction: DESC }) {
        totalCount
        ${PAGE_INFO}
        nodes { ...Issue }
      }
    }
  }
}
${ISSUE}
${LABEL}
${ACTOR}`,
};
