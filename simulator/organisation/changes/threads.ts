import type { Organisation } from "../organisation.js";
import type { Comment, Review, ReviewComment, ReviewThread } from "../conversation.js";
import { actor, ChangeRefused, type By } from "./find.js";

/** Marks a review thread as resolved, or takes that back. */
export function resolveThread(
  organisation: Organisation,
  input: By & { readonly thread: number; readonly resolved: boolean },
): ReviewThread {
  const thread = organisation.nodes.get(input.thread);
  if (thread?.kind !== "thread") throw new ChangeRefused(404, `no thread ${input.thread}`);
  thread.resolved = input.resolved;
  thread.resolvedBy = input.resolved ? actor(organisation, input) : null;
  return thread;
}

/** Folds a comment away with a reason such as `OUTDATED`; null shows it again. */
export function minimizeComment(
  organisation: Organisation,
  input: { readonly comment: number; readonly reason: string | null },
): Comment | Review | ReviewComment {
  const comment = organisation.nodes.get(input.comment);
  if (comment?.kind !== "comment" && comment?.kind !== "review" && comment?.kind !== "review-comment") {
    throw new ChangeRefused(404, `no comment ${input.comment}`);
  }
  comment.minimized = input.reason;
  return comment;
}
