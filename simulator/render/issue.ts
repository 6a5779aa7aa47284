import type { Issue, PullRequest } from "../organisation/conversation.js";
import type { Urls } from "../organisation/organisation.js";
import { association, conversationHtml, renderLabel, renderReactions, repositoryApi } from "./conversation.js";
import { nodeId } from "./node-id.js";
import { iso, isoOrNull } from "./time.js";
import { renderAuthor, renderUsers } from "./user.js";

function pullLinks(urls: Urls, pull: PullRequest) {
  const html = conversationHtml(urls, pull);
  return {
    url: `${repositoryApi(urls, pull.repository)}/pulls/${pull.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: isoOrNull(pull.mergedAt),
  };
}

/** An issue, or the issue form of a pull request, as REST and webhooks show it. */
export function renderIssue(urls: Urls, issue: Issue | PullRequest) {
  const { repository, number } = issue;
  const api = repositoryApi(urls, repository);
  const self = `${api}/issues/${number}`;
  const assignees = renderUsers(urls, issue.assignees);
  const id = issue.kind === "pull" ? issue.issueId : issue.id;
  return {
    url: self,
    repository_url: api,
    labels_url: `${self}/labels{/name}`,
    comments_url: `${self}/comments`,
    events_url: `${self}/events`,
    html_url: conversationHtml(urls, issue),
    id,
    node_id: nodeId(issue),
    number,
    title: issue.title,
    user: renderAuthor(urls, issue.author),
    labels: issue.labels.map((label) => renderLabel(urls, repository, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: issue.comments.length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: association(repository, issue.author),
    active_lock_reason: null,
    ...(issue.kind === "pull" ? { draft: issue.draft, pull_request: pullLinks(urls, issue) } : {}),
    body: issue.body,
    reactions: renderReactions(self, issue.reactions),
    timeline_url: `${self}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.kind === "issue" ? issue.stateReason : null,
  };
}
