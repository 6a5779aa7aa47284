import { newId, register, seconds, type Organisation } from "../organisation.js";
import type { Account } from "../account.js";
import type { PullRequest, Review, ReviewComment, ReviewThread } from "../conversation.js";
import { filesBetween } from "../git.js";
import { renderReviewComment } from "../../render/comment.js";
import { renderSimplePull } from "../../render/pull.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, touch, type By } from "./find.js";

/** A comment on a line of the diff, as `POST …/reviews` takes it. */
export interface LineComment {
  readonly path: string;
  readonly body: string;
  readonly line: number;
  readonly startLine?: number;
  readonly side?: "LEFT" | "RIGHT";
}

/** The lines of the new (RIGHT) or old (LEFT) file that the patch shows: where a comment may sit. */
export function commentableLines(patch: string, side: "LEFT" | "RIGHT"): Set<number> {
  const lines = new Set<number>();
  let at = 0;
  for (const text of patch.split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      at = Number(header[side === "LEFT" ? 1 : 2]);
      continue;
    }
    if (text.startsWith(side === "LEFT" ? "+" : "-")) continue;
    lines.add(at);
    at += 1;
  }
  return lines;
}

/** The hunk around a commented line, from its header to that line, as GitHub's `diff_hunk`. */
export function hunkUntil(patch: string, line: number, side: "LEFT" | "RIGHT"): string {
  let hunk: string[] = [];
  let at = 0;
  for (const text of patch.split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      at = Number(header[side === "LEFT" ? 1 : 2]);
      hunk = [text];
      continue;
    }
    hunk.push(text);
    if (text.startsWith(side === "LEFT" ? "+" : "-")) continue;
    if (at === line) return hunk.join("\n");
    at += 1;
  }
  return "@@ -1,1 +1,1 @@";
}

function diffHunk({ repository, baseSha, headSha }: PullRequest, { path, line, side }: LineComment): string {
  const file = filesBetween(repository, baseSha, headSha).find((each) => each.path === path);
  return hunkUntil(file?.patch ?? "", line, side ?? "RIGHT");
}

/** Refuses a comment that does not sit on a line of the diff, as GitHub does with 422. */
export function checkLine(review: Pick<Review, "pull">, comment: LineComment): void {
  const { pull } = review;
  const file = filesBetween(pull.repository, pull.baseSha, pull.headSha).find((each) => each.path === comment.path);
  const lines = commentableLines(file?.patch ?? "", comment.side ?? "RIGHT");
  for (const line of [comment.line, comment.startLine ?? comment.line]) {
    if (file === undefined || !lines.has(line)) {
      throw new ChangeRefused(422, `Line could not be resolved: ${comment.path}:${line}`);
    }
  }
}

function emitReviewComment(organisation: Organisation, comment: ReviewComment, action: string, sender: Account): void {
  if (organisation.silent) return;
  emit(organisation, {
    event: "pull_request_review_comment",
    action,
    repository: comment.thread.pull.repository,
    sender,
    body: {
      comment: renderReviewComment(organisation, comment),
      pull_request: renderSimplePull(organisation.urls, comment.thread.pull),
    },
  });
}

/** Adds a line comment: a new thread, or an answer in the thread of `inReplyTo`. */
export function addReviewComment(
  organisation: Organisation,
  review: Review,
  input: LineComment,
  by: Account,
  inReplyTo?: ReviewComment,
): ReviewComment {
  const { pull } = review;
  const now = seconds(organisation);
  const thread: ReviewThread =
    inReplyTo?.thread ??
    register(organisation, {
      kind: "thread",
      id: newId(organisation),
      pull,
      resolvedBy: null,
      resolved: false,
      comments: [],
    });
  if (inReplyTo === undefined) pull.threads = [...pull.threads, thread];
  const comment: ReviewComment = {
    kind: "review-comment",
    id: newId(organisation),
    review,
    thread,
    author: by,
    viaApp: by === organisation.app.bot,
    body: input.body,
    path: input.path,
    line: input.line,
    startLine: input.startLine ?? null,
    side: input.side ?? "RIGHT",
    commitSha: review.commitSha,
    diffHunk: inReplyTo?.diffHunk ?? diffHunk(pull, input),
    inReplyTo: inReplyTo?.id ?? null,
    minimized: null,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  thread.comments.push(register(organisation, comment));
  touch(organisation, pull);
  emitReviewComment(organisation, comment, "created", by);
  return comment;
}

export function reviewCommentOf(organisation: Organisation, id: number): ReviewComment {
  const found = organisation.nodes.get(id);
  if (found?.kind !== "review-comment") throw new ChangeRefused(404, `no review comment ${id}`);
  return found;
}

export interface OnReviewComment extends By {
  /** Id of the review comment. */
  readonly comment: number;
}

/** Answers in the thread of a line comment; GitHub wraps the answer in a review of its own. */
export function replyToReviewComment(
  organisation: Organisation,
  input: OnReviewComment & { readonly body: string },
): ReviewComment {
  const first = reviewCommentOf(organisation, input.comment);
  const { path, line, side } = first;
  return addReviewComment(
    organisation,
    first.review,
    { path, line, side, body: input.body },
    actor(organisation, input),
    first,
  );
}

export function editReviewComment(
  organisation: Organisation,
  input: OnReviewComment & { readonly body: string },
): ReviewComment {
  const comment = reviewCommentOf(organisation, input.comment);
  comment.body = input.body;
  comment.updatedAt = Math.max(comment.updatedAt, seconds(organisation));
  touch(organisation, comment.thread.pull);
  emitReviewComment(organisation, comment, "edited", actor(organisation, input));
  return comment;
}

export function deleteReviewComment(organisation: Organisation, input: OnReviewComment): void {
  const comment = reviewCommentOf(organisation, input.comment);
  const { thread } = comment;
  thread.comments = thread.comments.filter((each) => each !== comment);
  if (thread.comments.length === 0) {
    thread.pull.threads = thread.pull.threads.filter((each) => each !== thread);
    organisation.nodes.delete(thread.id);
  }
  organisation.nodes.delete(comment.id);
  touch(organisation, thread.pull);
  emitReviewComment(organisation, comment, "deleted", actor(organisation, input));
}
