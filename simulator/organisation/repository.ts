import type { Account, Seconds } from "./account.js";
import type { Issue, Label, PullRequest } from "./conversation.js";

/** One file that a commit changed. `content` null: removed. */
export interface FileChange {
  readonly path: string;
  readonly status: "added" | "modified" | "removed" | "renamed";
  readonly previousPath?: string;
  readonly content: string | null;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary and for very large files. */
  readonly patch?: string;
}

export interface Commit {
  readonly kind: "commit";
  readonly id: number;
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Account;
  readonly date: Seconds;
  readonly files: readonly FileChange[];
}

export type DeploymentState =
  | "waiting"
  | "pending"
  | "queued"
  | "in_progress"
  | "success"
  | "failure"
  | "error"
  | "inactive";

export interface DeploymentStatus {
  readonly kind: "deployment-status";
  readonly id: number;
  readonly deployment: Deployment;
  readonly state: DeploymentState;
  readonly creator: Account;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: Seconds;
}

export interface Deployment {
  readonly kind: "deployment";
  readonly id: number;
  readonly repository: Repository;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly task: string;
  readonly description: string | null;
  readonly payload: { readonly [key: string]: unknown };
  readonly production: boolean;
  readonly creator: Account;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  readonly statuses: DeploymentStatus[];
}

export interface Release {
  readonly kind: "release";
  readonly id: number;
  readonly repository: Repository;
  tagName: string;
  readonly target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  readonly author: Account;
  readonly createdAt: Seconds;
  publishedAt: Seconds | null;
  updatedAt: Seconds;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string | null;
  readonly raw_details?: string | null;
}

export interface CheckRun {
  readonly kind: "check-run";
  readonly id: number;
  readonly repository: Repository;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  readonly startedAt: Seconds;
  completedAt: Seconds | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: Annotation[];
  readonly byApp: boolean;
}

/** A commit status, as older CI systems set them; the last one of a context counts. */
export interface CommitStatus {
  readonly id: number;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly createdAt: Seconds;
}

/** A job of a workflow that waits for our App's protection rule of its environment. */
export interface WaitingJob {
  /** The id of its workflow run. */
  readonly runId: number;
  readonly environment: string;
  readonly sha: string;
  readonly deployment: Deployment | null;
  state: "waiting" | "approved" | "rejected";
  /** What our App answered, in order. */
  readonly answers: { readonly state: "approved" | "rejected" | null; readonly comment: string }[];
}

export type Visibility = "public" | "private" | "internal";
export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";
/** Why the API refuses a repository that exists: 451 for legal reasons, 403 disabled. */
export type Blocked = "legal" | "disabled";

export interface Repository {
  readonly kind: "repository";
  readonly id: number;
  owner: Account;
  name: string;
  visibility: Visibility;
  archived: boolean;
  blocked: Blocked | null;
  /** False: its issues are switched off, and the API answers 410 for a new one. */
  takesIssues: boolean;
  description: string | null;
  readonly fork: boolean;
  defaultBranch: string;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  pushedAt: Seconds | null;
  language: string | null;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, PullRequest>;
  /** Where a transferred issue went, by its old number: the API answers 301. */
  readonly moved: Map<number, Issue>;
  /** Numbers of deleted issues: the API answers 410. */
  readonly gone: Set<number>;
  nextNumber: number;
  readonly commits: Map<string, Commit>;
  /** Branch name to head. */
  readonly branches: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly deployments: Map<number, Deployment>;
  readonly releases: Map<number, Release>;
  readonly checkRuns: Map<string, CheckRun[]>;
  readonly statuses: Map<string, CommitStatus[]>;
  /** Contexts that a ruleset requires on the default branch. */
  requiredChecks: readonly string[];
  readonly waitingJobs: WaitingJob[];
  readonly roles: Map<number, Role>;
  /** Grows with every change of the repository or what is in it; caches of sorted lists hang on it. */
  revision: number;
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}
