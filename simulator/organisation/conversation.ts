import type { Account, Seconds, Team } from "./account.js";
import type { Repository } from "./repository.js";

export interface Label {
  readonly kind: "label";
  readonly id: number;
  readonly repositoryId: number;
  name: string;
  color: string;
  description: string | null;
}

export const REACTIONS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;
export type ReactionContent = (typeof REACTIONS)[number];

export interface Reaction {
  readonly kind: "reaction";
  readonly id: number;
  readonly content: ReactionContent;
  readonly by: Account;
  readonly createdAt: Seconds;
}

/** A comment below an issue or a pull request. */
export interface Comment {
  readonly kind: "comment";
  readonly id: number;
  readonly on: Issue | PullRequest;
  readonly author: Account;
  readonly viaApp: boolean;
  body: string;
  minimized: string | null;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  reactions: Reaction[];
}

/** What the timeline of an issue or pull request records, by the names of GitHub's 'Issue event types'. */
export const RECORDED_EVENTS = [
  "labeled",
  "unlabeled",
  "assigned",
  "unassigned",
  "closed",
  "reopened",
  "locked",
  "unlocked",
  "review_requested",
  "review_request_removed",
] as const;

export interface IssueEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: Account;
  readonly createdAt: Seconds;
  /** The label, assignee or reviewer that it is about, as the webhook shows it. */
  readonly about: { readonly [key: string]: unknown };
}

/** What issues and pull requests share: the numbered conversation. */
export interface Conversation {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  title: string;
  body: string | null;
  state: "open" | "closed";
  locked: boolean;
  labels: Label[];
  assignees: Account[];
  comments: Comment[];
  reactions: Reaction[];
  /** Oldest first. */
  events: IssueEvent[];
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  closedAt: Seconds | null;
}

export interface Issue extends Conversation {
  readonly kind: "issue";
  stateReason: "completed" | "not_planned" | "reopened" | null;
}

export interface PullRequest extends Conversation {
  readonly kind: "pull";
  /** The id of the issue form of this pull request, as `issue_comment` shows it. */
  readonly issueId: number;
  draft: boolean;
  headRef: string;
  headSha: string;
  /** Null when the fork that it came from is deleted. */
  headRepository: Repository | null;
  baseRef: string;
  baseSha: string;
  mergedAt: Seconds | null;
  mergedBy: Account | null;
  mergeCommitSha: string | null;
  requestedReviewers: Account[];
  requestedTeams: Team[];
  reviews: Review[];
  threads: ReviewThread[];
  /** Numbers of the issues of this repository that the body says it closes. */
  closes: number[];
  additions: number;
  deletions: number;
  changedFiles: number;
  commitCount: number;
  /** The state of the head's checks when no check run is recorded for it. */
  checks: "SUCCESS" | "FAILURE" | "PENDING" | null;
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";

export interface Review {
  readonly kind: "review";
  readonly id: number;
  readonly pull: PullRequest;
  readonly author: Account;
  body: string;
  state: ReviewState;
  minimized: string | null;
  readonly commitSha: string;
  readonly submittedAt: Seconds;
  updatedAt: Seconds;
}

export interface ReviewComment {
  readonly kind: "review-comment";
  readonly id: number;
  readonly review: Review;
  readonly thread: ReviewThread;
  readonly author: Account;
  readonly viaApp: boolean;
  body: string;
  readonly path: string;
  readonly line: number;
  readonly startLine: number | null;
  readonly side: "LEFT" | "RIGHT";
  readonly commitSha: string;
  readonly diffHunk: string;
  readonly inReplyTo: number | null;
  minimized: string | null;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  reactions: Reaction[];
}

export interface ReviewThread {
  readonly kind: "thread";
  readonly id: number;
  readonly pull: PullRequest;
  resolvedBy: Account | null;
  resolved: boolean;
  comments: ReviewComment[];
}
