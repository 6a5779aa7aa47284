import { z } from "zod";
import type { EffectOf } from "./effect.js";
import type { GraphqlDocument } from "../github/graphql.js";
import type { Attempt, Performed } from "./attempt.js";

export const MINIMISE_COMMENT: GraphqlDocument = {
  name: "MinimiseComment",
  text: `mutation MinimiseComment($subject: ID!, $classifier: ReportedContentClassifiers!) {
  minimizeComment(input: { subjectId: $subject, classifier: $classifier }) { minimizedComment { isMinimized } }
}`,
};

export const RESOLVE_THREAD: GraphqlDocument = {
  name: "ResolveThread",
  text: `mutation ResolveThread($thread: ID!) {
  resolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}`,
};

export const EDIT_REVIEW_COMMENT: GraphqlDocument = {
  name: "EditReviewComment",
  text: `mutation EditReviewComment($comment: ID!, $body: String!) {
  updatePullRequestReviewComment(input: { pullRequestReviewCommentId: $comment, body: $body }) {
    pullRequestReviewComment { id }
  }
}`,
};

/** Sets the comment to one body, so repeating is harmless. */
export async function editReviewComment(effect: EffectOf<"review-comment">, attempt: Attempt): Promise<Performed> {
  const variables = { comment: effect.nodeId, body: effect.body };
  const schema = z.object({ updatePullRequestReviewComment: z.object({}) });
  await attempt.github.query(EDIT_REVIEW_COMMENT, variables, schema);
  return { change: "updated", adopted: false, githubId: effect.nodeId, url: null };
}

/** A minimised comment stays minimised: repeating is harmless. */
export async function minimiseComment(effect: EffectOf<"minimise-comment">, attempt: Attempt): Promise<Performed> {
  const variables = { subject: effect.nodeId, classifier: effect.classifier };
  await attempt.github.query(MINIMISE_COMMENT, variables, z.object({ minimizeComment: z.object({}) }));
  return { change: "updated", adopted: false, githubId: effect.nodeId, url: null };
}

/** A resolved thread stays resolved: repeating is harmless. */
export async function resolveThread(effect: EffectOf<"resolve-thread">, attempt: Attempt): Promise<Performed> {
  await attempt.github.query(
    RESOLVE_THREAD,
    { thread: effect.threadId },
    z.object({ resolveReviewThread: z.object({}) }),
  );
  return { change: "updated", adopted: false, githubId: effect.threadId, url: null };
}
