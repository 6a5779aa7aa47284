import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { connection, Costs, Count, instant } from "./scalars.js";

const Moved = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean() }),
  totalCount: z.number().int(),
  nodes: z.array(z.object({ databaseId: z.number().int(), updatedAt: instant })).nullable(),
});

export const ActivityNode = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  nameWithOwner: z.string(),
  isPrivate: z.boolean(),
  pushedAt: instant.nullable(),
  updatedAt: instant,
  defaultBranchRef: z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable(),
  pullRequests: Count,
  issues: Count,
  deployments: Moved,
  releases: Moved,
});
export type ActivityNode = z.infer<typeof ActivityNode>;

const Result = Costs.extend({
  repositoryOwner: z
    .object({ repositories: connection(ActivityNode).extend({ totalCount: z.number().int() }) })
    .nullable(),
});

type PageVariables = {
  readonly login: string;
  readonly pageSize: number;
  readonly cursor: string | null;
  /** How many of a repository's latest deployments and releases are compared. */
  readonly recent: number;
};

/** The changes in a hundred repositories since they were last read: heads, deployments, releases. */
export const GET_ORG_ACTIVITY: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_ORG_ACTIVITY",
  schema: Result,
  text: `query GET_ORG_ACTIVITY($login: String!, $pageSize: Int!, $cursor: String, $recent: Int!) {
  ${RATE_LIMIT}
  repositoryOwner(login: $login) {
    repositories(first: $pageSize, after: $cursor, ownerAffiliations: [OWNER], orderBy: { field: PUSHED_AT, direction: DESC }) {
      totalCount
      ${PAGE_INFO}
      nodes {
        id
        databaseId
        nameWithOwner
        isPrivate
        pushedAt
        updatedAt
        defaultBranchRef { target { oid } }
        pullRequests { totalCount }
        issues { totalCount }
        deployments(first: $recent, orderBy: { field: CREATED_AT, direction: DESC }) {
          pageInfo { hasNextPage }
          totalCount
          nodes { databaseId updatedAt }
        }
        releases(first: $recent, orderBy: { field: CREATED_AT, direction: DESC }) {
          pageInfo { hasNextPage }
          totalCount
          nodes { databaseId updatedAt }
        }
      }
    }
  }
}`,
};
