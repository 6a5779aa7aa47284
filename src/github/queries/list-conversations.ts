import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { bigId, connection, Costs, instant } from "./scalars.js";

export const ListedConversation = z.object({
  id: z.string(),
  fullDatabaseId: bigId,
  number: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
});
export type ListedConversation = z.infer<typeof ListedConversation>;
const Page = connection(ListedConversation).extend({ totalCount: z.number().int() });

const Pulls = Costs.extend({ repository: z.object({ id: z.string(), conversations: Page }).nullable() });

type PageVariables = { readonly repositoryId: string; readonly pageSize: number; readonly cursor: string | null };

/** Only ids and versions, one point for a hundred, for the comparison with the rows. */
function listOf(name: string, field: "pullRequests" | "issues"): Query<PageVariables, z.infer<typeof Pulls>> {
  return {
    name,
    schema: Pulls,
    text: `query ${name}($repositoryId: ID!, $pageSize: Int!, $cursor: String) {
  ${RATE_LIMIT}
  repository: node(id: $repositoryId) {
    ... on Repository {
      id
      conversations: ${field}(first: $pageSize, after: $cursor, orderBy: { field: CREATED_AT, direction: DESC }) {
        totalCount
        ${PAGE_INFO}
        nodes { id fullDatabaseId number createdAt updatedAt }
      }
    }
  }
}`,
  };
}

export const LIST_PULL_REQUESTS = listOf("LIST_PULL_REQUESTS", "pullRequests");
export const LIST_ISSUES = listOf("LIST_ISSUES", "issues");
