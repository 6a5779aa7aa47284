import { z } from "zod";
import { PAGE_INFO, RATE_LIMIT } from "../queries/fragments.js";
import { connection, Costs } from "../queries/scalars.js";
import type { Query } from "../queries/query.js";

const Text = z
  .object({ text: z.string().nullish() })
  .nullable()
  .transform((blob) => blob?.text ?? null);

const Login = z.object({ login: z.string() }).nullable();

export const ThreadNode = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  resolvedBy: Login,
  comments: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        body: z.string(),
        viewerDidAuthor: z.boolean(),
        author: z.object({ __typename: z.string(), login: z.string() }).nullable(),
      }),
    ),
  }),
  /**
   * The first comment again, with its thumbs-down reactions. They are read once for each thread, because each costs a
   * connection.
   */
  first: z.object({ nodes: z.array(z.object({ reactions: z.object({ nodes: z.array(z.object({ user: Login })) }) })) }),
});
export type ThreadNode = z.infer<typeof ThreadNode>;

const Answer = Costs.extend({
  repository: z
    .object({
      settings: Text,
      owners: Text,
      rootOwners: Text,
      docsOwners: Text,
      assignableUsers: z.object({
        nodes: z.array(z.object({ login: z.string() })),
        pageInfo: z.object({ hasNextPage: z.boolean() }),
      }),
      pullRequest: z
        .object({
          headRefOid: z.string(),
          baseRefOid: z.string(),
          changedFiles: z.number().int(),
          closingIssuesReferences: z.object({ nodes: z.array(z.object({ number: z.number().int() })) }),
          reviewThreads: connection(ThreadNode),
        })
        .nullable(),
    })
    .nullable(),
  organisation: z.object({ settings: Text }).nullable(),
});

type Variables = {
  readonly owner: string;
  readonly name: string;
  readonly number: number;
  readonly base: string;
  readonly rootBase: string;
  readonly docsBase: string;
  readonly cursor: string | null;
};

const COMMENTS = `comments(first: 20) { nodes { id body viewerDidAuthor author { __typename login } } }
first: comments(first: 1) { nodes { reactions(first: 100, content: THUMBS_DOWN) { nodes { user { login } } } } }`;

/** Everything that a review needs before it reads the change, in one call: settings, owners, threads. */
export const REVIEW_CONTEXT: Query<Variables, z.infer<typeof Answer>> = {
  name: "REVIEW_CONTEXT",
  schema: Answer,
  text: `query REVIEW_CONTEXT(
  $owner: String!, $name: String!, $number: Int!, $base: String!, $rootBase: String!, $docsBase: String!, $cursor: String
) {
  ${RATE_LIMIT}
  repository(owner: $owner, name: $name) {
    settings: object(expression: "HEAD:.github/companyos.yml") { ... on Blob { text } }
    owners: object(expression: $base) { ... on Blob { text } }
    rootOwners: object(expression: $rootBase) { ... on Blob { text } }
    docsOwners: object(expression: $docsBase) { ... on Blob { text } }
    assignableUsers(first: 100) { nodes { login } pageInfo { hasNextPage } }
    pullRequest(number: $number) {
      headRefOid
      baseRefOid
      changedFiles
      closingIssuesReferences(first: 20) { nodes { number } }
      reviewThreads(first: 50, after: $cursor) {
        ${PAGE_INFO}
        nodes { id isResolved resolvedBy { login } ${COMMENTS} }
      }
    }
  }
  organisation: repository(owner: $owner, name: ".github") {
    settings: object(expression: "HEAD:.github/companyos.yml") { ... on Blob { text } }
  }
}`,
};
