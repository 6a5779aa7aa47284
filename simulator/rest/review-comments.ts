import { z } from "zod";
import { ChangeRefused } from "../organisation/changes/find.js";
import { checkLine } from "../organisation/changes/review-comments.js";
import type { ReviewComment } from "../organisation/conversation.js";
import type { Repository } from "../organisation/repository.js";
import { renderReviewComment } from "../render/comment.js";
import { failure, NO_CONTENT, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { Answered, bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { by, inRepository, perform } from "./changes.js";
import { pullOf } from "./pulls.js";
import { since } from "./sorting.js";

export function existingReviewComment(call: Call, repository: Repository): ReviewComment {
  const found = call.simulation.organisation.nodes.get(numberParam(call, "id"));
  if (found?.kind === "review-comment" && found.thread.pull.repository === repository) return found;
  throw new Answered(NOT_FOUND);
}

const Body = z.object({ body: z.string().min(1) });
const NewComment = z.object({
  body: z.string().min(1),
  path: z.string(),
  line: z.number(),
  commit_id: z.string(),
  side: z.enum(["LEFT", "RIGHT"]).optional(),
});

/** GitHub makes a review of its own around a single comment. */
function createComment(call: Call, repository: Repository): Answer {
  const pull = pullOf(call, repository);
  const { commit_id: commit, ...line } = bodyOf(call, NewComment);
  const comment = {
    path: line.path,
    line: line.line,
    body: line.body,
    ...(line.side === undefined ? {} : { side: line.side }),
  };
  try {
    checkLine({ pull }, comment);
  } catch (error) {
    if (error instanceof ChangeRefused) return failure(422, "Validation Failed", { errors: [error.message] });
    throw error;
  }
  const on = { ...inRepository(call, repository), number: pull.number };
  perform(call, "submitReview", { ...on, state: "COMMENTED", commit, comments: [comment] });
  const made = pull.threads.at(-1)?.comments[0];
  if (made === undefined) throw new Error("a review with a comment made no comment");
  return one("pull-request-review-comment", renderReviewComment(call.simulation.organisation, made), 201);
}

const READ = ["pull_requests", "read"] as const;
const WRITE = ["pull_requests", "write"] as const;

export const reviewCommentRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/pulls/:number/comments",
    permission: READ,
    handle: (call, repository) => {
      const comments = pullOf(call, repository).threads.flatMap((thread) => thread.comments);
      return page(call, "pull-request-review-comment", since(call, comments), (each) =>
        renderReviewComment(call.simulation.organisation, each),
      );
    },
  },
  { method: "POST", path: "/pulls/:number/comments", permission: WRITE, content: true, handle: createComment },
  {
    method: "POST",
    path: "/pulls/:number/comments/:id/replies",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const comment = existingReviewComment(call, repository).id;
      const reply = perform(call, "replyToReviewComment", { ...by(call), comment, body: bodyOf(call, Body).body });
      return one("pull-request-review-comment", renderReviewComment(call.simulation.organisation, reply), 201);
    },
  },
  {
    method: "GET",
    path: "/pulls/comments/:id",
    permission: READ,
    handle: (call, repository) =>
      one(
        "pull-request-review-comment",
        renderReviewComment(call.simulation.organisation, existingReviewComment(call, repository)),
      ),
  },
  {
    method: "PATCH",
    path: "/pulls/comments/:id",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const comment = existingReviewComment(call, repository);
      perform(call, "editReviewComment", { ...by(call), comment: comment.id, body: bodyOf(call, Body).body });
      return one("pull-request-review-comment", renderReviewComment(call.simulation.organisation, comment));
    },
  },
  {
    method: "DELETE",
    path: "/pulls/comments/:id",
    permission: WRITE,
    handle: (call, repository) => {
      perform(call, "deleteReviewComment", { ...by(call), comment: existingReviewComment(call, repository).id });
      return NO_CONTENT;
    },
  },
]);
