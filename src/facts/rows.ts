export type InstallationRow = {
  readonly id: number;
  readonly account_id: number | null;
  readonly account_login: string;
  readonly account_type: string;
  readonly app_id: number | null;
  readonly repository_selection: string | null;
  readonly permissions: { readonly [name: string]: string };
  readonly events: readonly string[];
  readonly suspended_at: string | null;
  readonly updated_at: string;
};

export type RepositoryRow = {
  readonly id: number;
  readonly node_id: string | null;
  readonly owner_login: string;
  readonly name: string;
  readonly full_name: string;
  readonly private: boolean;
  readonly visibility: string | null;
  readonly default_branch: string | null;
  readonly description: string | null;
  readonly archived: boolean;
  readonly disabled: boolean;
  readonly fork: boolean;
  readonly pushed_at: string | null;
  readonly created_at: string | null;
  readonly updated_at: string;
};

export type RepositoryAccessRow = { readonly id: number; readonly granted: boolean; readonly at: string };

export type UserRow = {
  readonly id: number;
  readonly node_id: string | null;
  readonly login: string;
  readonly type: string;
  readonly seen_at: string;
};

export type LabelRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly node_id: string | null;
  readonly name: string;
  readonly color: string | null;
  readonly description: string | null;
  readonly seen_at: string;
};

export type LabelLink = { readonly label_id: number; readonly name: string };
export type AssigneeLink = { readonly user_id: number; readonly login: string };
export type ReviewerLink = {
  readonly reviewer_id: number;
  readonly reviewer_name: string;
};

export type PullRequestRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly node_id: string | null;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly draft: boolean;
  readonly locked: boolean;
  readonly author_id: number | null;
  readonly author_login: string | null;
  readonly author_association: string | null;
  readonly head_ref: string;
  readonly head_sha: string;
  /** Null when the fork was deleted. */
  readonly head_repository_id: number | null;
  readonly base_ref: string;
  readonly base_sha: string;
  /** Null until it is merged, because before that GitHub gives a trial merge that changes without notice. */
  readonly merge_commit_sha: string | null;
  readonly merged: boolean;
  readonly merged_at: string | null;
  readonly closed_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly core_updated_at: string;
  /** The following fields are only in a pull request's own body; in embedded ones they are null. */
  readonly details_updated_at: string | null;
  readonly merged_by_id: number | null;
  readonly merged_by_login: string | null;
  readonly additions: number | null;
  readonly deletions: number | null;
  readonly changed_files: number | null;
  readonly commits: number | null;
};

export type PullRequestTouchRow = {
  readonly repository_id: number;
  readonly number: number;
  readonly updated_at: string;
};

export type ReviewRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly pull_request_id: number;
  readonly node_id: string | null;
  readonly author_id: number | null;
  readonly author_login: string | null;
  readonly state: string;
  readonly body: string | null;
  readonly commit_id: string | null;
  readonly submitted_at: string | null;
  readonly updated_at: string;
};

export type IssueRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly node_id: string | null;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly state_reason: string | null;
  readonly locked: boolean;
  readonly author_id: number | null;
  readonly author_login: string | null;
  readonly author_association: string | null;
  readonly milestone: string | null;
  readonly closed_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** `owner/name#number` of its new location; such an issue is also deleted here. */
  readonly transferred_to: string | null;
};

export type IssueCommentRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly node_id: string | null;
  readonly issue_number: number;
  readonly author_id: number | null;
  readonly author_login: string | null;
  readonly author_association: string | null;
  readonly body: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export const PUSH_KINDS = [
  "branch-updated",
  "branch-created",
  "branch-deleted",
  "branch-forced",
  "tag-created",
  "tag-moved",
  "tag-deleted",
  "other",
] as const;
export type PushKind = (typeof PUSH_KINDS)[number];

export type PushRow = {
  readonly repository_id: number;
  readonly ref: string;
  readonly ref_type: "branch" | "tag" | "other";
  readonly before: string;
  readonly after: string;
  readonly kind: PushKind;
  readonly forced: boolean;
  readonly commit_count: number;
  /** GitHub left commits out of the payload; `push-commits` reads them. */
  readonly truncated: boolean;
  readonly pusher_login: string | null;
  readonly head_sha: string | null;
  readonly pushed_at: string;
};

export type CommitRow = {
  readonly repository_id: number;
  readonly sha: string;
  readonly tree_sha: string | null;
  readonly message: string;
  readonly author_name: string | null;
  readonly author_email: string | null;
  readonly author_login: string | null;
  readonly committer_login: string | null;
  readonly authored_at: string | null;
  readonly committed_at: string | null;
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  /** The first parent first; null: the source does not list them. */
  readonly parents: readonly string[] | null;
  /** When a push with it reached GitHub; null: no push has shown it. */
  readonly first_seen_at: string | null;
};

/** JSON from its creator: an object, or any text. */
export type DeploymentPayload = string | { readonly [name: string]: unknown };

export type DeploymentRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly node_id: string | null;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly original_environment: string | null;
  readonly production_environment: boolean | null;
  readonly transient_environment: boolean | null;
  readonly description: string | null;
  readonly creator_id: number | null;
  readonly creator_login: string | null;
  readonly payload: DeploymentPayload | null;
  readonly performed_via_github_app: string | null;
  /** Null when the source does not contain it: the stored one stays. */
  readonly workflow: string | null;
  readonly workflow_run_id: number | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type DeploymentStatusRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly deployment_id: number;
  readonly node_id: string | null;
  readonly state: string;
  readonly description: string | null;
  readonly environment: string | null;
  readonly target_url: string | null;
  readonly log_url: string | null;
  readonly environment_url: string | null;
  readonly creator_login: string | null;
  /** Null when the source does not contain it: the stored one stays. */
  readonly check_run_id: number | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ReleaseRow = {
  readonly id: number;
  readonly repository_id: number;
  readonly node_id: string | null;
  readonly tag_name: string;
  readonly name: string | null;
  readonly body: string | null;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly target_commitish: string | null;
  readonly author_id: number | null;
  readonly author_login: string | null;
  readonly created_at: string | null;
  readonly published_at: string | null;
  readonly updated_at: string;
};
