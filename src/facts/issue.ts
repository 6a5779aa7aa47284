import { z } from "zod";
import type { Fact, IssueFact } from "./fact.js";
import { LabelBody, labelFacts, labelLinks } from "./label.js";
import { assigneeLink } from "./pull-request.js";
import { count, id, ifReadable, instant, listOf, orNull, text, textOrNothing } from "./scalars.js";
import type { Scope } from "./scope.js";
import { Author, UserBody, userFacts } from "./user.js";

export const IssueBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  number: count,
  title: text,
  body: textOrNothing,
  /** Some payloads of deleted issues have none. */
  state: orNull(z.string()),
  state_reason: orNull(z.string()),
  locked: orNull(z.boolean()),
  user: Author,
  author_association: ifReadable(z.string()),
  milestone: z.object({ title: text }).nullish(),
  labels: listOf(LabelBody),
  assignees: listOf(UserBody),
  created_at: instant,
  updated_at: instant,
  closed_at: orNull(instant),
  /** Present when the issue is the conversation of a pull request. */
  pull_request: z.object({}).nullish(),
});
export type IssueBody = z.infer<typeof IssueBody>;

/** How an issue left its repository: deleted, or moved to `transferredTo` (`owner/name#number`). */
export interface Departure {
  readonly transferredTo: string | null;
}

/**
 * The issue, its people and its labels. For a pull request's conversation, only the fact that the pull request changed.
 */
export function issueFacts(body: IssueBody, scope: Scope, gone: Departure | null = null): Fact[] {
  const seenAt = scope.observedAt ?? body.updated_at;
  return [
    ...userFacts([body.user, ...(body.assignees ?? [])], seenAt),
    ...labelFacts(body.labels ?? [], scope, seenAt),
    isPullRequest(body) ? touch(body, scope) : issueFact(body, scope, gone),
  ];
}

export function isPullRequest(body: IssueBody): boolean {
  return body.pull_request !== null && body.pull_request !== undefined;
}

function touch(body: IssueBody, scope: Scope): Fact {
  return {
    entity: "pull_request_touch",
    key: `${scope.repository}#${body.number}`,
    row: { repository_id: scope.repositoryId, number: body.number, updated_at: body.updated_at },
  };
}

function issueFact(body: IssueBody, scope: Scope, gone: Departure | null): IssueFact {
  return {
    entity: "issue",
    key: `${scope.repository}#${body.number}`,
    observedAt: scope.observedAt,
    ...(scope.partial === true && { partial: true }),
    deleted: gone !== null,
    row: {
      id: body.id,
      repository_id: scope.repositoryId,
      node_id: body.node_id,
      number: body.number,
      title: body.title,
      body: body.body,
      state: body.state ?? "open",
      state_reason: body.state_reason,
      locked: body.locked ?? false,
      author_id: body.user?.id ?? null,
      author_login: body.user?.login ?? null,
      author_association: body.author_association,
      milestone: body.milestone?.title ?? null,
      closed_at: body.closed_at,
      created_at: body.created_at,
      updated_at: body.updated_at,
      transferred_to: gone?.transferredTo ?? null,
    },
    sets: { labels: labelLinks(body.labels ?? []), assignees: (body.assignees ?? []).map(assigneeLink) },
  };
}
