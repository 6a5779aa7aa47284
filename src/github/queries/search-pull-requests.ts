import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { bigId, connection, Costs, instant } from "./scalars.js";

const Found = z.object({
  __typename: z.enum(["PullRequest", "Issue"]),
  id: z.string(),
  fullDatabaseId: bigId,
  number: z.number().int(),
  updatedAt: instant,
  repository: z.object({ id: z.string(), databaseId: z.number().int(), nameWithOwner: z.string() }),
});
export type FoundConversation = z.infer<typeof Found>;

const Result = Costs.extend({
  search: connection(Found).extend({ issueCount: z.number().int() }),
});

type PageVariables = { readonly search: string; readonly pageSize: number; readonly cursor: string | null };

/** Finds pull requests, and issues if the search asks for them. Returns at most a thousand; `issueCount` counts all. */
export const SEARCH_PULL_REQUESTS: Query<PageVariables, z.infer<typeof Result>> = {
  name: "SEARCH_PULL_REQUESTS",
  schema: Result,
  text: `query SEARCH_PULL_REQUESTS($search: String!, $pageSize: Int!, $cursor: String) {
  ${RATE_LIMIT}
  search(type: ISSUE, query: $search, first: $pageSize, after: $cursor) {
    issueCount
    ${PAGE_INFO}
    nodes {
      __typename
      ... on PullRequest { id fullDatabaseId number updatedAt repository { id databaseId nameWithOwner } }
      ... on Issue { id fullDatabaseId number updatedAt repository { id databaseId nameWithOwner } }
    }
  }
}`,
};
