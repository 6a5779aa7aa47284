import { z } from "zod";
import type { Fact, IssueCommentFact } from "./fact.js";
import { id, ifReadable, instant, text } from "./scalars.js";
import type { Scope } from "./scope.js";
import { Author, userFacts } from "./user.js";

export const IssueCommentBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  user: Author,
  author_association: ifReadable(z.string()),
  body: ifReadable(text),
  created_at: instant,
  updated_at: instant,
});
export type IssueCommentBody = z.infer<typeof IssueCommentBody>;

/** A comment on an issue or in a pull request's conversation, and its author. */
export function issueCommentFacts(body: IssueCommentBody, issueNumber: number, scope: Scope, deleted = false): Fact[] {
  const comment: IssueCommentFact = {
    entity: "issue_comment",
    key: `${scope.repository}#${issueNumber} comment ${body.id}`,
    observedAt: scope.observedAt,
    deleted,
    row: {
      id: body.id,
      repository_id: scope.repositoryId,
      node_id: body.node_id,
      issue_number: issueNumber,
      author_id: body.user?.id ?? null,
      author_login: body.user?.login ?? null,
      author_association: body.author_association,
      body: body.body,
      created_at: body.created_at,
      updated_at: body.updated_at,
    },
  };
  return [...userFacts([body.user], scope.observedAt ?? body.updated_at), comment];
}
