import { allShown, shown } from "../../organisation/account.js";
import { closingIssues } from "../../organisation/changes/pull-open.js";
import type { PullRequest } from "../../organisation/conversation.js";
import { commitsBetween, filesBetween, generatedHead } from "../../organisation/git.js";
import type { Commit, FileChange } from "../../organisation/repository.js";
import { isoOrNull } from "../../render/time.js";
import { connectAll } from "../connection.js";
import { need, needRollup } from "../context.js";
import { define, ofClass, ofKind } from "../define.js";
import { CommitIn, PullCommit, RefIn, ReviewRequest, rollupOf } from "../wrappers.js";
import { conversation } from "./conversations.js";

function commitsOf(pull: PullRequest): Commit[] {
  const stored = commitsBetween(pull.repository, pull.baseSha, pull.headSha);
  return stored.length === 0 ? [generatedHead(pull)] : stored;
}

/** The newest review of each author. */
function latestReviews(pull: PullRequest, opinionated: boolean) {
  const reviews = pull.reviews.filter((each) => !opinionated || each.state !== "COMMENTED");
  return [...new Map(reviews.map((each) => [each.author.id, each])).values()];
}

function decision(pull: PullRequest): string | null {
  const states = latestReviews(pull, true).map((each) => each.state);
  if (states.includes("CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return states.includes("APPROVED") ? "APPROVED" : null;
}

function branch(pull: PullRequest, name: string): RefIn | null {
  const sha = pull.repository.branches.get(name);
  return sha === undefined ? null : new RefIn(pull.repository, "refs/heads/", name, sha);
}

export const pull = define(ofKind<PullRequest>("pull"), {
  ...conversation,
  state: (source) => (source.mergedAt !== null ? "MERGED" : source.state === "open" ? "OPEN" : "CLOSED"),
  isDraft: (source) => source.draft,
  merged: (source) => source.mergedAt !== null,
  mergedAt: (source) => isoOrNull(source.mergedAt),
  mergedBy: (source) => shown(source.mergedBy),
  mergeable: (source) => (source.state === "open" ? "MERGEABLE" : "UNKNOWN"),
  mergeStateStatus: (source) => (source.state === "open" ? (source.draft ? "DRAFT" : "CLEAN") : "UNKNOWN"),
  mergeCommit: (source) => {
    const { repository, mergeCommitSha: sha } = source;
    if (sha === null) return null;
    // Generated pull requests name a merge commit that is not held.
    return new CommitIn(repository, repository.commits.get(sha) ?? { ...generatedHead(source), sha });
  },
  additions: (source) => source.additions,
  deletions: (source) => source.deletions,
  changedFiles: (source) => source.changedFiles,
  headRefName: (source) => source.headRef,
  headRefOid: (source) => source.headSha,
  headRef: (source) => branch(source, source.headRef),
  headRepository: (source) => source.headRepository,
  headRepositoryOwner: (source) => source.headRepository?.owner ?? null,
  baseRefName: (source) => source.baseRef,
  baseRefOid: (source) => source.baseSha,
  baseRef: (source) => branch(source, source.baseRef),
  baseRepository: (source) => source.repository,
  isCrossRepository: (source) => source.headRepository !== source.repository,
  maintainerCanModify: () => false,
  totalCommentsCount: (source) =>
    source.comments.length + source.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
  reviewDecision: (source) => decision(source),
  reviews: (source, args) => {
    const { states, author } = args;
    const found = source.reviews.filter(
      (each) =>
        (!Array.isArray(states) || states.includes(each.state)) &&
        (typeof author !== "string" || each.author.login === author),
    );
    return connectAll(found, args);
  },
  latestReviews: (source, args) => connectAll(latestReviews(source, false), args),
  latestOpinionatedReviews: (source, args) => connectAll(latestReviews(source, true), args),
  reviewRequests: (source, args) =>
    connectAll(
      [...allShown(source.requestedReviewers), ...source.requestedTeams],
      args,
      (reviewer) => new ReviewRequest(source, reviewer),
    ),
  reviewThreads: (source, args) => connectAll(source.threads, args),
  closingIssuesReferences: (source, args, context) => {
    need(context, "issues");
    return connectAll(closingIssues(source), args);
  },
  commits: (source, args) => connectAll(commitsOf(source), args, (commit) => new PullCommit(source, commit)),
  files: (source, args) => connectAll(filesBetween(source.repository, source.baseSha, source.headSha), args),
  statusCheckRollup: (source, _args, context) => {
    needRollup(context);
    return rollupOf(source.repository, source.headSha, source);
  },
});

export const reviewRequest = define(ofClass(ReviewRequest), {
  id: (source) => `RR_${source.pull.id}_${source.reviewer.id}`,
  databaseId: (source) => source.reviewer.id,
  requestedReviewer: (source, _args, context) => {
    if (source.reviewer.kind === "team") need(context, "members");
    return source.reviewer;
  },
  pullRequest: (source) => source.pull,
  asCodeOwner: () => false,
});

export const pullCommit = define(ofClass(PullCommit), {
  id: (source) => `PURC_${source.pull.id}_${source.commit.id}`,
  commit: (source) => new CommitIn(source.pull.repository, source.commit),
  pullRequest: (source) => source.pull,
});

function isFile(value: unknown): value is FileChange {
  return typeof value === "object" && value !== null && "path" in value && "status" in value;
}

export const changedFile = define(isFile, {
  path: (source) => source.path,
  additions: (source) => source.additions,
  deletions: (source) => source.deletions,
  changeType: (source) =>
    ({ added: "ADDED", removed: "DELETED", modified: "MODIFIED", renamed: "RENAMED" })[source.status],
});
