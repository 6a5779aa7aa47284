import type { Fact } from "../../facts/fact.js";
import { type IssueBody, issueFacts } from "../../facts/issue.js";
import type { Scope } from "../../facts/scope.js";
import { userOf, usersOf } from "../../github/queries/actor.js";
import type { IssueNode } from "../../github/queries/issue.js";
import { type LabelNumbers, labelBodies } from "./label.js";

/** The same facts as from a webhook of this issue. */
export function issueNodeFacts(node: IssueNode, scope: Scope, labels: LabelNumbers): Fact[] {
  return issueFacts(issueBody(node, labels), { ...scope, partial: true });
}

/** The issue in the form of REST and webhooks. */
export function issueBody(node: IssueNode, labels: LabelNumbers): IssueBody {
  return {
    id: node.fullDatabaseId,
    node_id: node.id,
    number: node.number,
    title: node.title,
    body: node.body || null,
    state: node.state.toLowerCase(),
    state_reason: node.stateReason?.toLowerCase() ?? null,
    locked: node.locked,
    user: userOf(node.author),
    author_association: node.authorAssociation,
    milestone: node.milestone,
    labels: labelBodies(node.labels?.nodes ?? [], labels),
    assignees: usersOf(node.assignees.nodes),
    created_at: node.createdAt,
    updated_at: node.updatedAt,
    closed_at: node.closedAt,
  };
}
