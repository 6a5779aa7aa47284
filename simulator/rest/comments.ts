import { z } from "zod";
import { commentOf } from "../organisation/changes/comments.js";
import { ChangeRefused } from "../organisation/changes/find.js";
import type { Comment } from "../organisation/conversation.js";
import type { Repository } from "../organisation/repository.js";
import { renderComment } from "../render/comment.js";
import { NO_CONTENT, NOT_FOUND, one } from "../server/answer.js";
import { Answered, bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { by, inRepository, perform } from "./changes.js";
import { conversationOf } from "./issues.js";
import { since } from "./sorting.js";

const Body = z.object({ body: z.string().min(1) });

export function existingComment(call: Call, repository: Repository): Comment {
  try {
    const comment = commentOf(call.simulation.organisation, numberParam(call, "id"));
    if (comment.on.repository === repository) return comment;
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error;
  }
  throw new Answered(NOT_FOUND);
}

/** By id, or as `sort` and `direction` say, the latest first unless said otherwise. */
function commentOrder(call: Call): (a: Comment, b: Comment) => number {
  const sort = call.query.get("sort");
  if (sort === null) return (a, b) => a.id - b.id;
  const sign = call.query.get("direction") === "asc" ? 1 : -1;
  const key = (each: Comment): number => (sort === "updated" ? each.updatedAt : each.createdAt);
  return (a, b) => sign * (key(a) - key(b) || a.id - b.id);
}

const READ = ["issues", "read"] as const;
const WRITE = ["issues", "write"] as const;

export const commentRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/issues/comments",
    permission: READ,
    or: "pull_requests",
    handle: (call, repository) => {
      const all = [...repository.issues.values(), ...repository.pulls.values()].flatMap((on) => on.comments);
      const found = [...since(call, all)].sort(commentOrder(call));
      return page(call, "issue-comment", found, (each) => renderComment(call.simulation.organisation, each));
    },
  },
  {
    method: "GET",
    path: "/issues/comments/:id",
    permission: READ,
    or: "pull_requests",
    handle: (call, repository) =>
      one("issue-comment", renderComment(call.simulation.organisation, existingComment(call, repository))),
  },
  {
    method: "PATCH",
    path: "/issues/comments/:id",
    permission: WRITE,
    or: "pull_requests",
    content: true,
    handle: (call, repository) => {
      const comment = existingComment(call, repository);
      perform(call, "editComment", { ...by(call), comment: comment.id, body: bodyOf(call, Body).body });
      return one("issue-comment", renderComment(call.simulation.organisation, comment));
    },
  },
  {
    method: "DELETE",
    path: "/issues/comments/:id",
    permission: WRITE,
    or: "pull_requests",
    handle: (call, repository) => {
      perform(call, "deleteComment", { ...by(call), comment: existingComment(call, repository).id });
      return NO_CONTENT;
    },
  },
  {
    method: "GET",
    path: "/issues/:number/comments",
    permission: READ,
    or: "pull_requests",
    handle: (call, repository) =>
      page(call, "issue-comment", since(call, conversationOf(call, repository).comments), (each) =>
        renderComment(call.simulation.organisation, each),
      ),
  },
  {
    method: "POST",
    path: "/issues/:number/comments",
    permission: WRITE,
    or: "pull_requests",
    content: true,
    handle: (call, repository) => {
      const { number } = conversationOf(call, repository);
      const { body } = bodyOf(call, Body);
      const comment = perform(call, "addComment", { ...inRepository(call, repository), number, body });
      return one("issue-comment", renderComment(call.simulation.organisation, comment), 201);
    },
  },
]);
