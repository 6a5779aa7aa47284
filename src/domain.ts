/** The webhook events whose content is mirrored. `config/manifest.test.ts` checks the list in `app.yml` against this one and the next. */
export const CONTENT_EVENTS = [
  "pull_request",
  "pull_request_review",
  "push",
  "issues",
  "issue_comment",
  "deployment",
  "deployment_status",
  "release",
] as const;

/** The events that change what the app may see, or ask it to work again. */
export const LIFECYCLE_EVENTS = [
  "installation",
  "installation_repositories",
  "repository",
  "check_run",
  "check_suite",
  "merge_group",
  "github_app_authorization",
] as const;

export const HANDLED_EVENTS = [...CONTENT_EVENTS, ...LIFECYCLE_EVENTS] as const;
export type HandledEvent = (typeof HANDLED_EVENTS)[number];

export function isHandledEvent(name: string): name is HandledEvent {
  return HANDLED_EVENTS.some((event) => event === name);
}

/**
 * Events whose payload carries an `updated_at` and so cannot legitimately repeat byte for byte:
 * the same body under another GUID is a replay.
 */
export const UNREPEATABLE_EVENTS: ReadonlySet<string> = new Set([
  "pull_request",
  "pull_request_review",
  "issues",
  "issue_comment",
  "deployment",
  "deployment_status",
  "release",
]);

/** Why work on an archived repository is not begun. */
export const ARCHIVED = "the repository is archived and read-only";

/** The queues of the contract. `deliveries` carries wake-ups for the inbox; the others carry ids of rows in `jobs`. */
export const QUEUES = ["deliveries", "agents", "sync", "health"] as const;
export type QueueName = (typeof QUEUES)[number];
export type JobQueueName = Exclude<QueueName, "deliveries">;

/** What is claimed first of one installation's work: somebody waits for it, agents, the mirror. Stored as its place here. */
export const WORK_CLASSES = ["live", "agents", "sync"] as const;
export type WorkClass = (typeof WORK_CLASSES)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A wish for work, as a plan holds it: the job's name and what it is about (ids only, never content). */
export interface JobRequest {
  readonly name: string;
  readonly payload: { readonly [key: string]: Json };
  /** Milliseconds from now before the job may start; default 0. */
  readonly delayMs?: number;
}

/**
 * What storing one fact did. `tie`: another content with the same `updated_at`; `missing`: the row that it speaks of is
 * not there. Both are settled by reading GitHub.
 */
export const FACT_RESULTS = ["inserted", "updated", "unchanged", "stale", "tie", "missing"] as const;
export type FactResult = (typeof FACT_RESULTS)[number];

/** What a delivery led to, as stored in `deliveries.outcome` and shown by `explain`. */
export interface DeliveryOutcome {
  readonly facts: readonly { readonly entity: string; readonly key: string; readonly result: FactResult }[];
  readonly jobs: readonly {
    /** The row that does the work, whoever planned it. */
    readonly id: string;
    readonly name: string;
    readonly key: string;
    readonly status: "planned" | "already-waiting";
  }[];
  /** Why no work was planned, or why the delivery was not processed. Null when jobs say it all. */
  readonly reason: string | null;
}

/** How a job ended when it did not fail. `because` is stored with the row. */
export interface Outcome {
  readonly status: "done" | "skipped";
  readonly reason: string;
}

/** A job that is to run again at a time, at the cost of no attempt: it waits for nothing that failed. */
export interface Deferral {
  readonly status: "later";
  readonly reason: string;
  readonly at: Date;
}

/** Time by argument: health, sync and agents never read the clock themselves. */
export interface Clock {
  now(): Date;
}

/** Where a repository is: the id is stable, the name is what routes take. */
export interface RepositoryRef {
  readonly id: bigint;
  readonly owner: string;
  readonly name: string;
}
