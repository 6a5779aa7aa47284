import { z } from "zod";
import { Actor } from "./actor.js";
import { LabelNode } from "./label.js";
import { bigId, connection, Count, instant, text } from "./scalars.js";

export const ReviewNode = z.object({
  id: z.string(),
  fullDatabaseId: bigId,
  state: z.string(),
  body: text,
  submittedAt: instant.nullable(),
  updatedAt: instant,
  author: Actor.nullable(),
  commit: z.object({ oid: z.string() }).nullable(),
});
export type ReviewNode = z.infer<typeof ReviewNode>;

const TeamNode = z.object({
  __typename: z.literal("Team"),
  id: z.string(),
  databaseId: z.number().int().nullable(),
  slug: z.string(),
  name: text,
});

export const LinkedIssueNode = z.object({
  id: z.string(),
  fullDatabaseId: bigId,
  number: z.number().int(),
  repository: z.object({ databaseId: z.number().int().nullable(), nameWithOwner: z.string() }),
});
export type LinkedIssueNode = z.infer<typeof LinkedIssueNode>;

export const PullRequestNode = z.object({
  id: z.string(),
  fullDatabaseId: bigId,
  number: z.number().int(),
  title: text,
  body: text,
  state: z.enum(["OPEN", "CLOSED", "MERGED"]),
  isDraft: z.boolean(),
  locked: z.boolean(),
  authorAssociation: z.string(),
  author: Actor.nullable(),
  headRefName: z.string(),
  headRefOid: z.string(),
  headRepository: z.object({ databaseId: z.number().int().nullable() }).nullable(),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  mergeCommit: z.object({ oid: z.string() }).nullable(),
  mergedAt: instant.nullable(),
  closedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
  mergedBy: Actor.nullable(),
  additions: z.number().int(),
  deletions: z.number().int(),
  changedFiles: z.number().int(),
  commits: Count,
  statusCheckRollup: z.object({ state: z.string() }).nullable(),
  labels: connection(LabelNode).nullable(),
  assignees: connection(Actor),
  reviewRequests: connection(z.object({ requestedReviewer: z.union([TeamNode, Actor]).nullable() })).nullable(),
  reviews: connection(ReviewNode).nullable(),
  closingIssuesReferences: connection(LinkedIssueNode).nullable(),
});
export type PullRequestNode = z.infer<typeof PullRequestNode>;

/** Sizes and positions of the lists nested in a pull request; null: from the beginning. */
export type PullRequestVariables = {
  readonly nested: number;
  readonly reviews: number;
  readonly labelsAfter: string | null;
  readonly assigneesAfter: string | null;
  readonly requestsAfter: string | null;
  readonly reviewsAfter: string | null;
  readonly linksAfter: string | null;
};

/**
 * These sizes do not change the points, but the nodes. Few pull requests have more items; their lists are read to the
 * end separately.
 */
export const FIRST_OF_PULL_REQUEST: PullRequestVariables = {
  nested: 10,
  reviews: 20,
  labelsAfter: null,
  assigneesAfter: null,
  requestsAfter: null,
  reviewsAfter: null,
  linksAfter: null,
};
