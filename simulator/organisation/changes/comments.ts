import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import type { Account } from "../account.js";
import type { Comment } from "../conversation.js";
import { renderComment } from "../../render/comment.js";
import { renderIssue } from "../../render/issue.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, conversationNumbered, touch, type By, type OnNumber } from "./find.js";

function emitComment(
  organisation: Organisation,
  comment: Comment,
  action: string,
  sender: Account,
  extra: { readonly [key: string]: unknown } = {},
): void {
  if (organisation.silent) return;
  emit(organisation, {
    event: "issue_comment",
    action,
    repository: comment.on.repository,
    sender,
    body: {
      ...extra,
      issue: renderIssue(organisation.urls, comment.on),
      comment: renderComment(organisation, comment),
    },
  });
}

/** The comment of that id. */
export function commentOf(organisation: Organisation, id: number): Comment {
  const found = organisation.nodes.get(id);
  if (found?.kind !== "comment") throw new ChangeRefused(404, `no comment ${id}`);
  return found;
}

export interface AddComment extends OnNumber {
  readonly body: string;
  readonly author?: string;
}

/** Comments on an issue or a pull request, which raises its `updated_at`. */
export function addComment(organisation: Organisation, input: AddComment): Comment {
  const on = conversationNumbered(organisation, input);
  const by = actor(organisation, input);
  const now = seconds(organisation);
  const comment: Comment = {
    kind: "comment",
    id: newId(organisation),
    on,
    author: input.author === undefined ? by : account(organisation, input.author),
    viaApp: by === organisation.app.bot,
    body: input.body,
    minimized: null,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  on.comments.push(register(organisation, comment));
  touch(organisation, on);
  emitComment(organisation, comment, "created", by);
  return comment;
}

export interface OnComment extends By {
  /** Id of the comment. */
  readonly comment: number;
}

export interface EditComment extends OnComment {
  readonly body: string;
}

export function editComment(organisation: Organisation, input: EditComment): Comment {
  const comment = commentOf(organisation, input.comment);
  if (comment.body === input.body) return comment;
  const changes = { body: { from: comment.body } };
  comment.body = input.body;
  comment.updatedAt = Math.max(comment.updatedAt, seconds(organisation));
  touch(organisation, comment.on);
  emitComment(organisation, comment, "edited", actor(organisation, input), { changes });
  return comment;
}

export function deleteComment(organisation: Organisation, input: OnComment): void {
  const comment = commentOf(organisation, input.comment);
  comment.on.comments = comment.on.comments.filter((each) => each !== comment);
  organisation.nodes.delete(comment.id);
  touch(organisation, comment.on);
  emitComment(organisation, comment, "deleted", actor(organisation, input));
}
