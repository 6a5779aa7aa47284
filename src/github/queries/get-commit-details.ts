import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "./fragments.js";
import type { Query } from "./query.js";
import { connection, Costs, ifReadable, instant, text } from "./scalars.js";

const Person = z.object({
  name: ifReadable(text),
  email: ifReadable(text),
  date: ifReadable(instant),
  user: z.object({ id: z.string(), databaseId: z.number().int().nullable(), login: z.string() }).nullable(),
});

export const CommitNode = z.object({
  id: z.string(),
  oid: z.string(),
  message: text,
  tree: z.object({ oid: z.string() }),
  author: Person.nullable(),
  committer: Person.nullable(),
  parents: connection(z.object({ oid: z.string() })),
});
export type CommitNode = z.infer<typeof CommitNode>;

const Result = Costs.extend({
  repository: z
    .object({
      id: z.string(),
      databaseId: z.number().int().nullable(),
      nameWithOwner: z.string(),
      defaultBranchRef: z
        .object({
          name: z.string(),
          target: z.object({ history: connection(CommitNode).extend({ totalCount: z.number().int() }) }).nullable(),
        })
        .nullable(),
    })
    .nullable(),
});

type PageVariables = {
  readonly repositoryId: string;
  readonly pageSize: number;
  /** Parents of each commit; a commit with more is read without any. */
  readonly parents: number;
  readonly cursor: string | null;
};

/** A page of the commits of a repository's default branch, newest first. */
export const GET_COMMIT_DETAILS: Query<PageVariables, z.infer<typeof Result>> = {
  name: "GET_COMMIT_DETAILS",
  schema: Result,
  text: `query GET_COMMIT_DETAILS($repositoryId: ID!, $pageSize: Int!, $parents: Int!, $cursor: String) {
  ${RATE_LIMIT}
  repository: node(id: $repositoryId) {
    ... on Repository {
      id
      databaseId
      nameWithOwner
      defaultBranchRef {
        name
        target {
          ... on Commit {
            history(first: $pageSize, after: $cursor) {
              totalCount
              ${PAGE_INFO}
              nodes {
                id
                oid
                message
                tree { oid }
                parents(first: $parents) {
                  ${PAGE_INFO}
                  nodes { oid }
                }
                author { ...Person }
                committer { ...Person }
              }
            }
          }
        }
      }
    }
  }
}
fragment Person on GitActor { name email date user { id databaseId login } }`,
};
