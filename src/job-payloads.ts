import type { JobRequest } from "./domain.js";

// Declared as types because TypeScript does not accept interfaces as JSON values.
type OfInstallation = { readonly installationId: number };
type OfRepository = { readonly repositoryId: number };

/** The row that a read of GitHub updates. */
export type RefreshPayload = { readonly repositoryId: number } & (
  | { readonly entity: "repository" }
  | { readonly entity: "pull_request"; readonly number: number }
  | { readonly entity: "issue" | "issue_comment"; readonly number: number; readonly id: number }
  | { readonly entity: "review"; readonly pullRequestId: number; readonly id: number }
  | { readonly entity: "deployment" | "release"; readonly id: number }
  | { readonly entity: "deployment_status"; readonly deploymentId: number; readonly id: number }
);

/** The payload of each job by its name. Handlers and runners share these types. */
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
  readonly "notify-merged": OfRepository & { readonly number: number };
  readonly "notify-review": OfRepository & { readonly number: number; readonly reviewId: number };
  readonly "notify-deployed": OfRepository & { readonly deploymentId: number; readonly statusId: number };
  readonly "alert-deployment": OfRepository & { readonly deploymentId: number; readonly statusId: number };
  readonly announce: OfRepository & { readonly releaseId: number };
}
export type JobName = keyof JobPayloads;

/** A request for one of the app's jobs. An unknown name or a wrong payload does not compile. */
export type Wish = {
  readonly [N in JobName]: Omit<JobRequest, "name" | "payload"> & {
    readonly name: N;
    readonly payload: JobPayloads[N];
  };
}[JobName];
