import type { Comment, Review, ReviewComment } from "../organisation/conversation.js";
import type { Organisation } from "../organisation/organisation.js";
import { renderApp } from "./app.js";
import { association, conversationHtml, renderReactions, repositoryApi } from "./conversation.js";
import { nodeId } from "./node-id.js";
import { iso } from "./time.js";
import { renderAuthor } from "./user.js";

/** A comment on an issue or a pull request. */
export function renderComment(organisation: Organisation, comment: Comment) {
  const { urls } = organisation;
  const api = repositoryApi(urls, comment.on.repository);
  const self = `${api}/issues/comments/${comment.id}`;
  return {
    url: self,
    html_url: `${conversationHtml(urls, comment.on)}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.on.number}`,
    id: comment.id,
    node_id: nodeId(comment),
    user: renderAuthor(urls, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(comment.on.repository, comment.author),
    body: comment.body,
    reactions: renderReactions(self, comment.reactions),
    performed_via_github_app: comment.viaApp ? renderApp(organisation) : null,
  };
}

/** A review. The state is lower case in webhooks and upper case in REST. */
export function renderReview({ urls }: Organisation, review: Review) {
  const { pull } = review;
  const html = `${conversationHtml(urls, pull)}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryApi(urls, pull.repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId(review),
    user: renderAuthor(urls, review.author),
    body: review.body,
    commit_id: review.commitSha,
    submitted_at: iso(review.submittedAt),
    updated_at: iso(review.updatedAt),
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(pull.repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
  };
}

/** A comment on a line of a diff. */
export function renderReviewComment({ urls }: Organisation, comment: ReviewComment) {
  const { pull } = comment.thread;
  const api = repositoryApi(urls, pull.repository);
  const self = `${api}/pulls/comments/${comment.id}`;
  const html = `${conversationHtml(urls, pull)}#discussion_r${comment.id}`;
  const pullUrl = `${api}/pulls/${pull.number}`;
  const outdated = pull.headSha !== comment.commitSha;
  return {
    url: self,
    pull_request_review_id: comment.review.id,
    id: comment.id,
    node_id: nodeId(comment),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    ...(outdated ? {} : { position: comment.line }),
    original_position: comment.line,
    commit_id: pull.headSha,
    original_commit_id: comment.commitSha,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    user: renderAuthor(urls, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(pull.repository, comment.author),
    _links: { self: { href: self }, html: { href: html }, pull_request: { href: pullUrl } },
    reactions: renderReactions(self, comment.reactions),
    start_line: comment.startLine,
    original_start_line: comment.startLine,
    start_side: comment.startLine === null ? null : comment.side,
    line: comment.line,
    original_line: comment.line,
    side: comment.side,
    subject_type: "line" as const,
  };
}
