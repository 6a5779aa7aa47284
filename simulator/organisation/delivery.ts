import type { InstallationLite, Repository as RepositoryBody, User } from "@octokit/webhooks-types";

/** The names of the events that the simulated GitHub can send. */
export type EventName =
  | "pull_request"
  | "pull_request_review"
  | "pull_request_review_comment"
  | "push"
  | "create"
  | "delete"
  | "issues"
  | "issue_comment"
  | "deployment"
  | "deployment_status"
  | "deployment_protection_rule"
  | "release"
  | "label"
  | "repository"
  | "installation"
  | "installation_repositories"
  | "check_run"
  | "check_suite"
  | "merge_group"
  | "github_app_authorization"
  | "ping";

export interface Payload {
  readonly action?: string;
  readonly repository?: Pick<RepositoryBody, "id" | "full_name">;
  readonly installation?: InstallationLite | { readonly id: number };
  readonly sender?: User | null;
  readonly [key: string]: unknown;
}

/** One webhook delivery that a change calls for, before it has a GUID, a signature or an attempt. */
export interface Delivery {
  readonly event: EventName;
  readonly action: string | null;
  readonly payload: Payload;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
}
