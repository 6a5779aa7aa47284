import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { connection, Costs, Count, instant, text } from "./scalars.js";

export const RepositoryNode = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  name: z.string(),
  nameWithOwner: z.string(),
  owner: z.object({ login: z.string() }),
  isPrivate: z.boolean(),
  visibility: z.string(),
  description: text.nullable(),
  isArchived: z.boolean(),
  isDisabled: z.boolean(),
  isFork: z.boolean(),
  defaultBranchRef: z.object({ name: z.string() }).nullable(),
  pushedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
  pullRequests: Count,
  issues: Count,
  deployments: Count,
  releases: Count,
});
export type RepositoryNode = z.infer<typeof RepositoryNode>;

const Result = Costs.extend({
  repositoryOwner: z
    .object({ repositories: connection(RepositoryNode).extend({ totalCount: z.number().int() }) })
    .nullable(),
});

type PageVariables = { readonly login: string; readonly pageSize: number; readonly cursor: string | null };

/** A page of an account's repositories, latest push first, with the number of items in each. */
export const GET_ORG_REPOSITORIES: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_ORG_REPOSITORIES",
  schema: Result,
  text: `query GET_ORG_REPOSITORIES($login: String!, $pageSize: Int!, $cursor: String) {
  ${RATE_LIMIT}
  repositoryOwner(login: $login) {
    repositories(first: $pageSize, after: $cursor, ownerAffiliations: [OWNER], orderBy: { field: PUSHED_AT, direction: DESC }) {
      totalCount
      ${PAGE_INFO}
      nodes {
        id
        databaseId
        name
        nameWithOwner
        owner { login }
        isPrivate
        visibility
        description
        isArchived
        isDisabled
        isFork
        defaultBranchRef { name }
        pushedAt
        createdAt
        updatedAt
        pullRequests { totalCount }
        issues { totalCount }
        deployments { totalCount }
        releases { totalCount }
      }
    }
  }
}`,
};
