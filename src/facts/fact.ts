import type {
  AssigneeLink,
  CommitRow,
  DeploymentRow,
  DeploymentStatusRow,
  InstallationRow,
  IssueCommentRow,
  IssueRow,
  LabelLink,
  LabelRow,
  PullRequestRow,
  PullRequestTouchRow,
  PushRow,
  ReleaseRow,
  RepositoryAccessRow,
  RepositoryRow,
  ReviewRow,
  ReviewerLink,
  UserRow,
} from "./rows.js";

/**
 * A fact: one row of the mirror, taken from a webhook payload or a REST body, with the names of its table's columns.
 * Ids are GitHub's, times are ISO 8601 in UTC. `installation_id` is missing, because the store knows the delivery's
 * installation.
 */
export type Fact =
  | InstallationFact
  | RepositoryFact
  | RepositoryAccessFact
  | UserFact
  | LabelFact
  | PullRequestFact
  | PullRequestTouchFact
  | ReviewFact
  | IssueFact
  | IssueCommentFact
  | PushFact
  | CommitFact
  | DeploymentFact
  | DeploymentStatusFact
  | ReleaseFact;

export type Entity = Fact["entity"];

/** Entities that GitHub versions by `updated_at`, so that two versions can tie within one second. */
export type VersionedFact = Extract<Fact, { readonly observedAt: string | null }>;
export type VersionedEntity = VersionedFact["entity"];

interface Of<E extends string, R> {
  readonly entity: E;
  /** For people: `owner/name#12`, a login, a tag. */
  readonly key: string;
  readonly row: R;
}

interface Versioned<E extends string, R> extends Of<E, R> {
  /** The source shows no bots among the assignees: the stored ones stay. */
  readonly partial?: boolean;
  /** When the read that returned this began; null for a webhook. */
  readonly observedAt: string | null;
  /** The object was deleted at GitHub; the row is its last state. */
  readonly deleted: boolean;
}

export interface InstallationFact extends Versioned<"installation", InstallationRow> {}
export interface RepositoryFact extends Versioned<"repository", RepositoryRow> {}
/** Whether the installation has access to a repository. `at` orders these facts. */
export interface RepositoryAccessFact extends Of<"repository_access", RepositoryAccessRow> {}
export interface UserFact extends Of<"user", UserRow> {}
export interface LabelFact extends Of<"label", LabelRow> {}
export interface PullRequestFact extends Versioned<"pull_request", PullRequestRow> {
  readonly sets: {
    readonly labels: readonly LabelLink[];
    readonly assignees: readonly AssigneeLink[];
    readonly reviewers: readonly ReviewerLink[];
    /** Null when the source may not see teams: the stored ones stay. */
    readonly teams: readonly ReviewerLink[] | null;
  };
}
/** A comment in a pull request's conversation moves its `updated_at`, and changes nothing else in its row. */
export interface PullRequestTouchFact extends Of<"pull_request_touch", PullRequestTouchRow> {}
export interface ReviewFact extends Versioned<"review", ReviewRow> {}
export interface IssueFact extends Versioned<"issue", IssueRow> {
  readonly sets: { readonly labels: readonly LabelLink[]; readonly assignees: readonly AssigneeLink[] };
}
export interface IssueCommentFact extends Versioned<"issue_comment", IssueCommentRow> {}
export interface PushFact extends Of<"push", PushRow> {}
export interface CommitFact extends Of<"commit", CommitRow> {}
export interface DeploymentFact extends Versioned<"deployment", DeploymentRow> {}
export interface DeploymentStatusFact extends Versioned<"deployment_status", DeploymentStatusRow> {}
export interface ReleaseFact extends Versioned<"release", ReleaseRow> {}
