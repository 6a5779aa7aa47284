import type { Connection } from "../github/queries/scalars.js";
import { GET_ISSUE_DETAILS } from "../github/queries/get-issue-details.js";
import { GET_PULL_REQUEST_DETAILS } from "../github/queries/get-pull-request-details.js";
import type { IssueNode } from "../github/queries/issue.js";
import type { PullRequestNode } from "../github/queries/pull-request.js";
import { ask } from "../github/queries/query.js";
import { LARGEST_PAGE } from "../github/queries/floor.js";
import type { GitHubClient } from "../github/client.js";
import { present } from "./gone.js";

const LARGEST = { nested: LARGEST_PAGE, reviews: LARGEST_PAGE };

/**
 * The pull request with all labels, assignees, requests, reviews and links: a set is stored completely or not at all.
 */
export async function completePullRequest<N extends PullRequestNode>(client: GitHubClient, first: N): Promise<N> {
  let node = first;
  while (isCut(node.labels, node.assignees, node.reviewRequests, node.reviews, node.closingIssuesReferences)) {
    const answer = await ask(client, GET_PULL_REQUEST_DETAILS, {
      ids: [node.id],
      ...LARGEST,
      labelsAfter: after(node.labels),
      assigneesAfter: after(node.assignees),
      requestsAfter: after(node.reviewRequests),
      reviewsAfter: after(node.reviews),
      linksAfter: after(node.closingIssuesReferences),
    });
    const more = present(answer.data.nodes[0], answer, `pull request ${node.number}`);
    node = {
      ...node,
      labels: joined(node.labels, more.labels),
      assignees: joined(node.assignees, more.assignees),
      reviewRequests: joined(node.reviewRequests, more.reviewRequests),
      reviews: joined(node.reviews, more.reviews),
      closingIssuesReferences: joined(node.closingIssuesReferences, more.closingIssuesReferences),
    };
  }
  return node;
}

/** The issue with all labels and assignees. */
export async function completeIssue<N extends IssueNode>(client: GitHubClient, first: N): Promise<N> {
  let node = first;
  while (isCut(node.labels, node.assignees)) {
    const answer = await ask(client, GET_ISSUE_DETAILS, {
      ids: [node.id],
      nested: LARGEST_PAGE,
      labelsAfter: after(node.labels),
      assigneesAfter: after(node.assignees),
    });
    const more = present(answer.data.nodes[0], answer, `issue ${node.number}`);
    node = {
      ...node,
      labels: joined(node.labels, more.labels),
      assignees: joined(node.assignees, more.assignees),
    };
  }
  return node;
}

function isCut(...connections: readonly (Connection<unknown> | null)[]): boolean {
  return connections.some((connection) => connection?.pageInfo.hasNextPage);
}

/** The position in a connection. A complete connection continues after its end and returns an empty page. */
function after(connection: Connection<unknown> | null): string | null {
  return connection?.pageInfo.endCursor ?? null;
}

function joined<T, C extends { pageInfo: Connection<T>["pageInfo"]; nodes: T[] } | null>(before: C, more: C): C {
  if (before === null || more === null) return more ?? before;
  // A complete connection returns an empty page without a cursor, so its cursor is kept.
  const pageInfo = more.pageInfo.endCursor === null ? { ...before.pageInfo, hasNextPage: false } : more.pageInfo;
  return { ...before, pageInfo, nodes: [...before.nodes, ...more.nodes] };
}
