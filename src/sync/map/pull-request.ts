import type { Fact } from "../../facts/fact.js";
import { type PullRequestBody, pullRequestFacts } from "../../facts/pull-request.js";
import { type ReviewBody, reviewFacts } from "../../facts/review.js";
import type { Scope } from "../../facts/scope.js";
import { userOf, usersOf } from "../../github/queries/actor.js";
import type { PullRequestNode, ReviewNode } from "../../github/queries/pull-request.js";
import { type LabelNumbers, labelBodies } from "./label.js";

/** The same facts as from a webhook of this pull request, and its reviews. */
export function pullRequestNodeFacts(node: PullRequestNode, scope: Scope, labels: LabelNumbers): Fact[] {
  const body = pullRequestBody(node, labels);
  const reviewed = { id: body.id, number: body.number, updatedAt: body.updated_at };
  return [
    ...pullRequestFacts(body, { ...scope, partial: true }),
    ...(node.reviews?.nodes ?? [])
      // Only its author can see a review that is not submitted.
      .filter((review) => review.state !== "PENDING")
      .flatMap((review) => reviewFacts(reviewBody(review), reviewed, scope)),
  ];
}

/** The pull request in the form of REST and webhooks. */
export function pullRequestBody(node: PullRequestNode, labels: LabelNumbers): PullRequestBody {
  const requests = node.reviewRequests?.nodes ?? null;
  const requested = requests?.flatMap(({ requestedReviewer }) => requestedReviewer ?? []) ?? [];
  // Without `members: read` a requested team is null: the request exists, but the team is unknown.
  const known = requests?.every(({ requestedReviewer }) => requestedReviewer !== null);
  return {
    id: node.fullDatabaseId,
    node_id: node.id,
    number: node.number,
    state: node.state === "OPEN" ? "open" : "closed",
    locked: node.locked,
    draft: node.isDraft,
    title: node.title,
    body: node.body || null,
    user: userOf(node.author),
    author_association: node.authorAssociation,
    created_at: node.createdAt,
    updated_at: node.updatedAt,
    closed_at: node.closedAt,
    merged_at: node.mergedAt,
    merge_commit_sha: node.mergeCommit?.oid ?? null,
    assignees: usersOf(node.assignees.nodes),
    requested_reviewers: requested.flatMap((each) => ("slug" in each ? [] : (userOf(each) ?? []))),
    requested_teams: known
      ? requested.flatMap((each) =>
          "slug" in each && each.databaseId !== null ? [{ id: each.databaseId, slug: each.slug, name: each.name }] : [],
        )
      : null,
    labels: labelBodies(node.labels?.nodes ?? [], labels),
    head: { ref: node.headRefName, sha: node.headRefOid, repo: repositoryOf(node.headRepository) },
    base: { ref: node.baseRefName, sha: node.baseRefOid },
    merged_by: userOf(node.mergedBy),
    additions: node.additions,
    deletions: node.deletions,
    changed_files: node.changedFiles,
    commits: node.commits.totalCount,
  };
}

function reviewBody(node: ReviewNode): ReviewBody {
  return {
    id: node.fullDatabaseId,
    node_id: node.id,
    user: userOf(node.author),
    state: node.state.toLowerCase(),
    body: node.body || null,
    commit_id: node.commit?.oid ?? null,
    submitted_at: node.submittedAt,
    updated_at: node.updatedAt,
  };
}

function repositoryOf(head: { readonly databaseId: number | null } | null): { readonly id: number } | null {
  return head === null || head.databaseId === null ? null : { id: head.databaseId };
}
