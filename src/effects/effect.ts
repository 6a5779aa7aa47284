import { z } from "zod";
import type { RepositoryRef } from "../domain.js";

const repository: z.ZodType<RepositoryRef> = z
  .object({ id: z.coerce.bigint(), owner: z.string(), name: z.string() })
  .readonly();

/**
 * The fields of every effect: the repository, the occasion (a head SHA, a comment's id, an incident), and the reason
 * for people. The same effect on another occasion is another intent, so that A → B → A ends as A.
 */
const base = { repository, occasion: z.string(), reason: z.string() };
const issue = z.int().positive();

/** The App's one comment of this slot on an issue or pull request: created, or updated to this body. */
const comment = z.object({ kind: z.literal("comment"), ...base, issue, slot: z.string(), body: z.string() }).readonly();

/** The App's reaction on an issue or on a comment. */
const reaction = z
  .object({
    kind: z.literal("reaction"),
    ...base,
    issue,
    commentId: z.coerce.bigint().nullable(),
    content: z.enum(["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]),
  })
  .readonly();

/** Labels to add and labels to remove; other labels stay. GitHub creates a label that does not exist. */
const labels = z
  .object({
    kind: z.literal("labels"),
    ...base,
    issue,
    add: z.array(z.string()).readonly(),
    remove: z.array(z.string()).readonly(),
  })
  .readonly();

const annotation = z
  .object({
    path: z.string(),
    startLine: z.int(),
    endLine: z.int(),
    level: z.enum(["notice", "warning", "failure"]),
    title: z.string().optional(),
    message: z.string(),
  })
  .readonly();

/** The App's check of this name on a commit. An unfinished check is updated; a finished one gets a successor. */
const checkRun = z
  .object({
    kind: z.literal("check-run"),
    ...base,
    name: z.string(),
    headSha: z.string(),
    status: z.enum(["queued", "in_progress", "completed"]),
    conclusion: z.enum(["success", "neutral", "failure", "action_required", "skipped", "cancelled"]).nullable(),
    title: z.string(),
    summary: z.string(),
    annotations: z.array(annotation).readonly(),
    detailsUrl: z.string().optional(),
  })
  .readonly();

const reviewComment = z
  .object({
    path: z.string(),
    /** Line of the new file, the last one of the range. */
    line: z.int().positive(),
    startLine: z.int().positive().optional(),
    body: z.string(),
  })
  .readonly();

/** The App's review of one head of a pull request: at most one, and never an approval. */
const review = z
  .object({
    kind: z.literal("review"),
    ...base,
    issue,
    headSha: z.string(),
    body: z.string(),
    comments: z.array(reviewComment).readonly(),
  })
  .readonly();

/** The App's one issue about an incident: opened, updated to this text, or closed. */
const incidentIssue = z
  .object({
    kind: z.literal("issue"),
    ...base,
    incident: z.string(),
    state: z.enum(["open", "closed"]),
    title: z.string(),
    body: z.string(),
    labels: z.array(z.string()).readonly(),
  })
  .readonly();

/** Folds a comment. `nodeId` is GraphQL's id of the comment or review. */
const minimiseComment = z
  .object({
    kind: z.literal("minimise-comment"),
    ...base,
    nodeId: z.string(),
    classifier: z.enum(["OUTDATED", "RESOLVED", "DUPLICATE"]),
  })
  .readonly();

/** Updates a comment of the App's review to this body. `nodeId` is GraphQL's id. */
const reviewCommentBody = z
  .object({ kind: z.literal("review-comment"), ...base, nodeId: z.string(), body: z.string() })
  .readonly();

/** Resolves a review thread. `threadId` is GraphQL's id. */
const resolveThread = z.object({ kind: z.literal("resolve-thread"), ...base, threadId: z.string() }).readonly();

/** Requests reviews from these people and teams; existing requests stay. */
const requestReviewers = z
  .object({
    kind: z.literal("request-reviewers"),
    ...base,
    issue,
    users: z.array(z.string()).readonly(),
    teams: z.array(z.string()).readonly(),
  })
  .readonly();

/** Undoes earlier effects on one target that no later change has touched. */
const undo = z
  .object({
    kind: z.literal("undo"),
    ...base,
    target: z.string(),
    /** The intents to undo. */
    of: z.array(z.string()).readonly(),
    /** Only these labels, or the comments of a review that contain one of these texts; null: all of it. */
    only: z.array(z.string()).readonly().nullable(),
  })
  .readonly();

/** A deployment of exactly this commit, whatever is merged or checked meanwhile: the gates have decided. */
const deployment = z
  .object({
    kind: z.literal("deployment"),
    ...base,
    environment: z.string(),
    sha: z.string(),
    description: z.string(),
    production: z.boolean(),
    /** The fencing token of the environment's lock: an executor with a lower one than the last is out of date. */
    fence: z.coerce.bigint(),
    by: z.string(),
  })
  .readonly();

/**
 * The App's answer to the protection rule of an environment. `state` null: the job keeps waiting, and people see the
 * reason.
 */
const deploymentReview = z
  .object({
    kind: z.literal("deployment-review"),
    ...base,
    runId: z.coerce.bigint(),
    environment: z.string(),
    state: z.enum(["approved", "rejected"]).nullable(),
    comment: z.string(),
  })
  .readonly();

/** Every effect that the app can have on GitHub. The schema also reads an effect back from its row in the ledger. */
export const effectSchema = z.discriminatedUnion("kind", [
  comment,
  reaction,
  labels,
  checkRun,
  review,
  incidentIssue,
  minimiseComment,
  reviewCommentBody,
  resolveThread,
  requestReviewers,
  undo,
  deployment,
  deploymentReview,
]);
export type Effect = z.output<typeof effectSchema>;
export type EffectKind = Effect["kind"];
export type EffectOf<K extends EffectKind> = Extract<Effect, { readonly kind: K }>;
export type Annotation = z.output<typeof annotation>;

/** Kinds in which a later effect on the same target replaces an earlier one. */
export const REPLACING_KINDS: ReadonlySet<EffectKind> = new Set([
  "comment",
  "check-run",
  "review",
  "issue",
  "deployment",
  "deployment-review",
]);

/** Kinds that hold for the moment only: while writes are paused they are cancelled, and not done later. */
export const MOMENTARY_KINDS: ReadonlySet<EffectKind> = new Set(["deployment", "deployment-review"]);

/** One review of this App for each head. */
export function reviewTarget(issue: number, headSha: string): string {
  return `#${issue}/review:${headSha}`;
}

/**
 * The part of the repository that the effect changes. Effects on one target are written one after the other. Starts
 * with `#<number>/` for an issue or pull request, `@<sha>/` for a commit.
 */
export function targetOf(effect: Effect): string {
  switch (effect.kind) {
    case "comment":
      return `#${effect.issue}/comment:${effect.slot}`;
    case "reaction":
      return `#${effect.issue}/reaction:${effect.commentId ?? "body"}:${effect.content}`;
    case "labels":
      return `#${effect.issue}/labels`;
    case "check-run":
      return `@${effect.headSha}/check:${effect.name}`;
    case "review":
      return reviewTarget(effect.issue, effect.headSha);
    case "issue":
      return `incident:${effect.incident}`;
    case "minimise-comment":
      return `comment:${effect.nodeId}`;
    case "review-comment":
      return `review-comment:${effect.nodeId}`;
    case "resolve-thread":
      return `thread:${effect.threadId}`;
    case "request-reviewers":
      return `#${effect.issue}/reviewers`;
    case "undo":
      return effect.target;
    case "deployment":
      return `deployment:${effect.environment}`;
    case "deployment-review":
      return `run:${effect.runId}/${effect.environment}`;
  }
}

/** GitHub's limit for one request. Source: GitHub's REST reference, 'Check runs'. */
export const ANNOTATIONS_A_REQUEST = 50;
/**
 * The limit for one check, 5 requests: a change with thousands of findings must not use up the write limit of an
 * organisation.
 */
export const MOST_ANNOTATIONS = 250;

/** The most requests that the effect takes, without retries. */
export function writesOf(effect: Effect): number {
  switch (effect.kind) {
    case "check-run":
      return Math.max(1, Math.ceil(Math.min(effect.annotations.length, MOST_ANNOTATIONS) / ANNOTATIONS_A_REQUEST));
    case "labels":
      return Math.min(1, effect.add.length) + effect.remove.length;
    case "request-reviewers":
      // GitHub refuses the whole request because of one reviewer; then each is requested alone.
      return 1 + effect.users.length + effect.teams.length;
    default:
      return 1;
  }
}
