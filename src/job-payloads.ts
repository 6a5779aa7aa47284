import type { JobRequest } from "./domain.js";

// Types and not interfaces: only those are JSON to the compiler.
type OfInstallation = { readonly installationId: number };
type OfRepository = { readonly repositoryId: number };

/** The row that a read of GitHub brings up to date. */
export type RefreshPayload = { readonly repositoryId: number } & (
  | { readonly entity: "repository" }
  | { readonly entity: "pull_request"; readonly number: number }
  | { readonly entity: "issue" | "issue_comment"; readonly number: number; readonly id: number }
  | { readonly entity: "review"; readonly pullRequestId: number; readonly id: number }
  | { readonly entity: "deployment" | "release"; readonly id: number }
  | { readonly entity: "deployment_status"; readonly deploymentId: number; readonly id: number }
);

/** What each job is about, by its name: one type from the handler that asks for it to the job that runs. */
export interface JobPayloads {
  readonly access: OfInstallation;
  readonly "catch-up": OfInstallation;
  readonly "purge-tenant": OfInstallation;
  readonly "resume-writes": OfInstallation;
  readonly sync: OfInstallation & { readonly mode: "full"; readonly subject?: string };
  readonly refresh: RefreshPayload;
  readonly "push-commits": OfRepository & {
    readonly ref: string;
    readonly before: string;
    readonly after: string;
    readonly pushedAt: string;
  };
  readonly "shared-check": OfRepository & { readonly sha: string };
  readonly recheck: OfRepository & { readonly checkRunId: number; readonly sha: string };
  readonly command: OfRepository & { readonly number: number; readonly commentId: number };
  readonly "revoke-user": { readonly userId: number };
  readonly triage: OfRepository & { readonly number: number };
  readonly deployment: OfRepository & { readonly sha: string };
  readonly "monitor-deployment": OfRepository & { readonly deploymentId: number };
  readonly "notify-merged": OfRepository & { readonly number: number };
  readonly "notify-review": OfRepository & { readonly number: number; readonly reviewId: number };
  readonly "notify-deployed": OfRepository & { readonly deploymentId: number; readonly statusId: number };
  readonly "alert-deployment": OfRepository & { readonly deploymentId: number; readonly statusId: number };
  readonly announce: OfRepository & { readonly releaseId: number };
}
export type JobName = keyof JobPayloads;

/** A wish for a job of the app: a name that no job has, or a payload that is another job's, does not compile. */
export type Wish = {
  readonly [N in JobName]: Omit<JobRequest, "name" | "payload"> & {
    readonly name: N;
    readonly payload: JobPayloads[N];
  };
}[JobName];
