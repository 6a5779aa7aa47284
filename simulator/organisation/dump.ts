import { rollupOf } from "../graphql/wrappers.js";
import { shown } from "./account.js";
import { closingIssues } from "./changes/pull-open.js";
import type { Conversation, Issue, PullRequest } from "./conversation.js";
import { log } from "./git.js";
import { covers, type Installation } from "./installation.js";
import type { Organisation } from "./organisation.js";
import { fullName, type Repository } from "./repository.js";
import { iso, isoOrNull } from "../render/time.js";
import { nodeId } from "../render/node-id.js";

const login = (account: Parameters<typeof shown>[0]): string | null => shown(account)?.login ?? null;
const logins = (accounts: readonly Parameters<typeof login>[0][]): string[] =>
  accounts.flatMap((each) => login(each) ?? []).sort();

function conversation(on: Conversation) {
  return {
    repository_id: on.repository.id,
    number: on.number,
    title: on.title,
    body: on.body,
    state: on.state,
    locked: on.locked,
    author: login(on.author),
    labels: on.labels.map((label) => label.name).sort(),
    assignees: logins(on.assignees),
    created_at: iso(on.createdAt),
    updated_at: iso(on.updatedAt),
    closed_at: isoOrNull(on.closedAt),
  };
}

function pullRow(pull: PullRequest) {
  return {
    id: pull.id,
    node_id: nodeId(pull),
    ...conversation(pull),
    draft: pull.draft,
    head_ref: pull.headRef,
    head_sha: pull.headSha,
    base_ref: pull.baseRef,
    base_sha: pull.baseSha,
    merged_at: isoOrNull(pull.mergedAt),
    merged_by: login(pull.mergedBy),
    merge_commit_sha: pull.mergeCommitSha,
    requested_reviewers: logins(pull.requestedReviewers),
    requested_teams: pull.requestedTeams.map((team) => team.slug).sort(),
    closes: closingIssues(pull)
      .map((issue) => issue.number)
      .sort((a, b) => a - b),
    additions: pull.additions,
    deletions: pull.deletions,
    changed_files: pull.changedFiles,
    commits: pull.commitCount,
    checks_state: rollupOf(pull.repository, pull.headSha, pull)?.state.toLowerCase() ?? null,
    comments: pull.comments.length,
    review_comments: pull.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
  };
}

function issueRow(issue: Issue) {
  return {
    id: issue.id,
    node_id: nodeId(issue),
    ...conversation(issue),
    state_reason: issue.stateReason,
    comments: issue.comments.length,
  };
}

function reviewRows(pull: PullRequest) {
  return pull.reviews.map((review) => ({
    id: review.id,
    node_id: nodeId(review),
    pull_request_id: pull.id,
    author: login(review.author),
    body: review.body,
    state: review.state,
    commit_sha: review.commitSha,
    submitted_at: iso(review.submittedAt),
    updated_at: iso(review.updatedAt),
  }));
}

function commentRows(on: Issue | PullRequest) {
  return on.comments.map((comment) => ({
    id: comment.id,
    node_id: nodeId(comment),
    repository_id: on.repository.id,
    number: on.number,
    author: login(comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
  }));
}

function repositoryRow(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId(repository),
    full_name: fullName(repository),
    name: repository.name,
    owner: repository.owner.login,
    visibility: repository.visibility,
    private: repository.visibility !== "public",
    archived: repository.archived,
    description: repository.description,
    default_branch: repository.defaultBranch,
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.updatedAt),
    pushed_at: isoOrNull(repository.pushedAt),
  };
}

function deploymentRows(repository: Repository) {
  return [...repository.deployments.values()].map((deployment) => ({
    id: deployment.id,
    node_id: nodeId(deployment),
    repository_id: repository.id,
    sha: deployment.sha,
    ref: deployment.ref,
    environment: deployment.environment,
    task: deployment.task,
    description: deployment.description,
    creator: login(deployment.creator),
    created_at: iso(deployment.createdAt),
    updated_at: iso(deployment.updatedAt),
    statuses: deployment.statuses.map((status) => ({
      id: status.id,
      node_id: nodeId(status),
      state: status.state,
      creator: login(status.creator),
      description: status.description,
      environment_url: status.environmentUrl,
      log_url: status.logUrl,
      created_at: iso(status.createdAt),
    })),
  }));
}

function releaseRows(repository: Repository) {
  return [...repository.releases.values()].map((release) => ({
    id: release.id,
    node_id: nodeId(release),
    repository_id: repository.id,
    tag_name: release.tagName,
    target: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    author: login(release.author),
    created_at: iso(release.createdAt),
    published_at: isoOrNull(release.publishedAt),
    updated_at: iso(release.updatedAt),
  }));
}

function commitRows(repository: Repository) {
  const head = repository.branches.get(repository.defaultBranch);
  return log(repository, head ?? "").map((commit) => ({
    repository_id: repository.id,
    sha: commit.sha,
    message: commit.message,
    author: login(commit.author),
    committed_at: iso(commit.date),
    parents: [...commit.parents],
  }));
}

const byId = <T extends { readonly id: number }>(rows: T[]): T[] => rows.sort((a, b) => a.id - b.id);

/** What an installation can see, as flat rows in a fixed order; without one, what any installation sees. */
export function dump(organisation: Organisation, installation?: Installation) {
  const viewers = installation === undefined ? [...organisation.installations.values()] : [installation];
  const repositories = [...organisation.repositories.values()].filter((each) =>
    viewers.some((viewer) => covers(viewer, each)),
  );
  const pulls = repositories.flatMap((each) => [...each.pulls.values()]);
  const issues = repositories.flatMap((each) => [...each.issues.values()]);
  return {
    repositories: byId(repositories.map(repositoryRow)),
    labels: byId(
      repositories.flatMap((repository) =>
        [...repository.labels.values()].map(({ id, name, color, description }) => ({
          id,
          repository_id: repository.id,
          name,
          color,
          description,
        })),
      ),
    ),
    pull_requests: byId(pulls.map(pullRow)),
    reviews: byId(pulls.flatMap(reviewRows)),
    issues: byId(issues.map(issueRow)),
    comments: byId([...issues, ...pulls].flatMap(commentRows)),
    commits: repositories
      .flatMap(commitRows)
      .sort((a, b) => a.repository_id - b.repository_id || (a.sha < b.sha ? -1 : 1)),
    deployments: byId(repositories.flatMap(deploymentRows)),
    releases: byId(repositories.flatMap(releaseRows)),
  };
}

export type Dump = ReturnType<typeof dump>;
