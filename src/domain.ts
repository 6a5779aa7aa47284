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

/** Events that change the App's access, or that request work again. */
export const LIFECYCLE_EVENTS = [
  "installation",
  "installation_repositories",
  "repository",
  "check_run",
  "check_suite",
  "merge_group",
  "deployment_protection_rule",
  "github_app_authorization",
] as const;

export const HANDLED_EVENTS = [...CONTENT_EVENTS, ...LIFECYCLE_EVENTS] as const;
export type HandledEvent = (typeof HANDLED_EVENTS)[number];

export function isHandledEvent(name: string): name is HandledEvent {
  return HANDLED_EVENTS.some((event) => event === name);
}

/**
 * Events whose payload carries an `updated_at`, so that two different events never have the same bytes. The same body
 * under another GUID is therefore a replay.
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

/** The reason to skip work on an archived repository. */
export const ARCHIVED = "the repository is archived and read-only";

/** The queues of the contract. `deliveries` carries wake-ups of the inbox; the others carry ids of rows in `jobs`. */
export const QUEUES = ["deliveries", "agents", "sync", "health"] as const;
export type QueueName = (typeof QUEUES)[number];
export type JobQueueName = Exclude<QueueName, "deliveries">;

/**
 * The order in which one installation's jobs are claimed: jobs that a person waits for, agents, the mirror. The column
 * stores the index.
 */
export const WORK_CLASSES = ["live", "agents", "sync"] as const;
export type WorkClass = (typeof WORK_CLASSES)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A requested job: its name and its payload (ids only, never content). */
export interface JobRequest {
  readonly name: string;
  readonly payload: { readonly [key: string]: Json };
  /** Milliseconds from now before the job may start; default 0. */
  readonly delayMs?: number;
}

/**
 * The result of storing one fact. `tie`: the stored row has the same `updated_at` and other content. `missing`: the row
 * that the fact refers to is not stored. Reading GitHub settles both.
 */
export const FACT_RESULTS = ["inserted", "updated", "unchanged", "stale", "tie", "missing"] as const;
export type FactResult = (typeof FACT_RESULTS)[number];

/** The outcome of a delivery, as stored in `deliveries.outcome` and shown by `explain`. */
export interface DeliveryOutcome {
  readonly facts: readonly { readonly entity: string; readonly key: string; readonly result: FactResult }[];
  readonly jobs: readonly {
    /** The id of the job's row, which an earlier delivery may have planned. */
    readonly id: string;
    readonly name: string;
    readonly key: string;
    readonly status: "planned" | "already-waiting";
  }[];
  /** Why no job was planned, or why the delivery was not processed. Null when jobs were planned. */
  readonly reason: string | null;
}

/** How a job ended without a failure. `reason` is stored in its row. */
export interface Outcome {
  readonly status: "done" | "skipped";
  readonly reason: string;
}

/** A job that runs again at a given time without using an attempt, because nothing failed. */
export interface Deferral {
  readonly status: "later";
  readonly reason: string;
  readonly at: Date;
}

/** The clock is passed as an argument: health checks, sync and agents never read the time themselves. */
export interface Clock {
  now(): Date;
}

/** A repository's id, which never changes, and its current name, which API routes use. */
export interface RepositoryRef {
  readonly id: bigint;
  readonly owner: string;
  readonly name: string;
}

/** From the least to the most. `maintain` counts as write, a custom role as the one that it is made from. */
export const ROLES = ["none", "read", "triage", "write", "admin"] as const;
export type Role = (typeof ROLES)[number];

export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
