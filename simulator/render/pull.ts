import type { PullRequest } from "../organisation/conversation.js";
import { fullName } from "../organisation/repository.js";
import type { Urls } from "../organisation/organisation.js";
import { association, renderLabel, renderTeam, repositoryApi, repositoryHtml } from "./conversation.js";
import { nodeId } from "./node-id.js";
import { renderRepository } from "./repository.js";
import { iso, isoOrNull } from "./time.js";
import { renderAuthor, renderUser, renderUsers } from "./user.js";

function renderEnds(urls: Urls, pull: PullRequest) {
  const base = renderRepository(urls, pull.repository);
  const owner = renderUser(urls, pull.repository.owner);
  const headOwner = pull.headRepository?.owner ?? null;
  return {
    head: {
      label: `${headOwner?.login ?? "unknown repository"}:${pull.headRef}`,
      ref: pull.headRef,
      sha: pull.headSha,
      user: renderAuthor(urls, headOwner),
      repo:
        pull.headRepository === null
          ? null
          : pull.headRepository === pull.repository
            ? base
            : renderRepository(urls, pull.headRepository),
    },
    base: { label: `${owner.login}:${pull.baseRef}`, ref: pull.baseRef, sha: pull.baseSha, user: owner, repo: base },
  };
}

function links(api: string, html: string, pull: PullRequest) {
  const { number, headSha } = pull;
  return {
    self: { href: `${api}/pulls/${number}` },
    html: { href: `${html}/pull/${number}` },
    issue: { href: `${api}/issues/${number}` },
    comments: { href: `${api}/issues/${number}/comments` },
    review_comments: { href: `${api}/pulls/${number}/comments` },
    review_comment: { href: `${api}/pulls/comments{/number}` },
    commits: { href: `${api}/pulls/${number}/commits` },
    statuses: { href: `${api}/statuses/${headSha}` },
  };
}

/** A pull request as lists show it, and as reviews embed it: without its sizes and without `merged`. */
export function renderSimplePull(urls: Urls, pull: PullRequest) {
  const { repository, number } = pull;
  const api = repositoryApi(urls, repository);
  const html = repositoryHtml(urls, repository);
  const assignees = renderUsers(urls, pull.assignees);
  return {
    url: `${api}/pulls/${number}`,
    id: pull.id,
    node_id: nodeId(pull),
    html_url: `${html}/pull/${number}`,
    diff_url: `${html}/pull/${number}.diff`,
    patch_url: `${html}/pull/${number}.patch`,
    issue_url: `${api}/issues/${number}`,
    number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: renderAuthor(urls, pull.author),
    body: pull.body,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: isoOrNull(pull.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: renderUsers(urls, pull.requestedReviewers),
    requested_teams: pull.requestedTeams.map((team) => renderTeam(urls, repository.owner, team)),
    labels: pull.labels.map((label) => renderLabel(urls, repository, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${api}/pulls/${number}/commits`,
    review_comments_url: `${api}/pulls/${number}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${number}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
    ...renderEnds(urls, pull),
    _links: links(api, html, pull),
    author_association: association(repository, pull.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** The whole pull request: the answer of `GET /pulls/{number}` and the content of `pull_request` payloads. */
export function renderPull(urls: Urls, pull: PullRequest) {
  const open = pull.state === "open";
  return {
    ...renderSimplePull(urls, pull),
    merged: pull.mergedAt !== null,
    mergeable: open ? true : null,
    rebaseable: open ? true : null,
    mergeable_state: open ? (pull.draft ? "draft" : "clean") : "unknown",
    merged_by: renderAuthor(urls, pull.mergedBy),
    comments: pull.comments.length,
    review_comments: pull.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
    maintainer_can_modify: false,
    commits: pull.commitCount,
    additions: pull.additions,
    deletions: pull.deletions,
    changed_files: pull.changedFiles,
  };
}

/** The short form inside check runs. */
export function renderMinimalPull(urls: Urls, pull: PullRequest) {
  const repo = {
    id: pull.repository.id,
    url: repositoryApi(urls, pull.repository),
    name: fullName(pull.repository).split("/")[1] ?? "",
  };
  return {
    id: pull.id,
    number: pull.number,
    url: `${repo.url}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  };
}
