import type { Effect } from "./effect.js";
import type { Attempt, Performed } from "./attempt.js";
import { ensureCheckRun } from "./check-run.js";
import { ensureComment } from "./comment.js";
import { editReviewComment, minimiseComment, resolveThread } from "./conversation.js";
import { createDeployment, reviewDeployment } from "./deployment.js";
import { ensureIssue } from "./issue.js";
import { ensureLabels } from "./labels.js";
import { ensureReaction } from "./reaction.js";
import { ensureReview } from "./review.js";
import { ensureReviewers } from "./reviewers.js";
import { performUndo } from "./undo/perform.js";

/** The one table from the kind of an effect to the function that applies it. */
export function perform(effect: Effect, attempt: Attempt): Promise<Performed> {
  switch (effect.kind) {
    case "comment":
      return ensureComment(effect, attempt);
    case "reaction":
      return ensureReaction(effect, attempt);
    case "labels":
      return ensureLabels(effect, attempt);
    case "check-run":
      return ensureCheckRun(effect, attempt);
    case "review":
      return ensureReview(effect, attempt);
    case "issue":
      return ensureIssue(effect, attempt);
    case "minimise-comment":
      return minimiseComment(effect, attempt);
    case "review-comment":
      return editReviewComment(effect, attempt);
    case "resolve-thread":
      return resolveThread(effect, attempt);
    case "request-reviewers":
      return ensureReviewers(effect, attempt);
    case "undo":
      return performUndo(effect, attempt);
    case "deployment":
      return createDeployment(effect, attempt);
    case "deployment-review":
      return reviewDeployment(effect, attempt);
  }
}
