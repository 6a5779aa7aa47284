import { z } from "zod";
import { REACTIONS, type Reaction } from "../organisation/conversation.js";
import type { Repository } from "../organisation/repository.js";
import { nodeId } from "../render/node-id.js";
import { iso } from "../render/time.js";
import { renderAuthor } from "../render/user.js";
import { NO_CONTENT, one, type Answer } from "../server/answer.js";
import { bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes, type RepositoryRoute } from "../server/repository-route.js";
import { by, perform } from "./changes.js";
import { existingComment } from "./comments.js";
import { conversationOf } from "./issues.js";
import { existingReviewComment } from "./review-comments.js";

const Body = z.object({ content: z.enum(REACTIONS) });

function render(call: Call, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId(reaction),
    user: renderAuthor(call.simulation.organisation.urls, reaction.by),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  };
}

type Subject = { readonly id: number; readonly reactions: readonly Reaction[] };

function reactionsOf(path: string, subjectOf: (call: Call, repository: Repository) => Subject): RepositoryRoute[] {
  const create = (call: Call, repository: Repository): Answer => {
    const { content } = bodyOf(call, Body);
    const made = perform(call, "react", { ...by(call), subject: subjectOf(call, repository).id, content });
    return one("reaction", render(call, made.reaction), made.created ? 201 : 200);
  };
  const list = (call: Call, repository: Repository): Answer =>
    page(call, "reaction", subjectOf(call, repository).reactions, (each) => render(call, each));
  const remove = (call: Call, repository: Repository): Answer => {
    perform(call, "unreact", {
      ...by(call),
      subject: subjectOf(call, repository).id,
      reaction: numberParam(call, "reaction"),
    });
    return NO_CONTENT;
  };
  return [
    { method: "DELETE", path: `${path}/:reaction`, permission: ["issues", "write"], handle: remove },
    { method: "GET", path, permission: ["issues", "read"], handle: list },
    { method: "POST", path, permission: ["issues", "write"], content: true, handle: create },
  ];
}

export const reactionRoutes = repositoryRoutes([
  ...reactionsOf("/issues/comments/:id/reactions", existingComment),
  ...reactionsOf("/issues/:number/reactions", conversationOf),
  ...reactionsOf("/pulls/comments/:id/reactions", existingReviewComment),
]);
