import { z } from "zod";
import type { Fact, ReviewFact } from "./fact.js";
import { id, ifReadable, instant, latest, orNull, text } from "./scalars.js";
import type { Scope } from "./scope.js";
import { Author, userFacts } from "./user.js";

export const ReviewBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  user: Author,
  /** Lower case in webhooks, upper case in REST. */
  state: z.string().toLowerCase(),
  /** Null in webhooks; empty in REST if there is none. */
  body: ifReadable(text).transform((body) => body || null),
  commit_id: orNull(z.string()),
  submitted_at: orNull(instant),
  updated_at: orNull(instant),
});
export type ReviewBody = z.infer<typeof ReviewBody>;

/** The pull request of a review. `updatedAt` must have been observed with the review or before it. */
export interface ReviewedPull {
  readonly id: number;
  readonly number: number;
  readonly updatedAt: string;
}

/**
 * A review and its author. Many reviews have no `updated_at`. The pull request's, which each change of a review moves,
 * orders them.
 */
export function reviewFacts(body: ReviewBody, pull: ReviewedPull, scope: Scope): Fact[] {
  const version = latest(pull.updatedAt, body.updated_at, body.submitted_at);
  const review: ReviewFact = {
    entity: "review",
    key: `${scope.repository}#${pull.number} review ${body.id}`,
    observedAt: scope.observedAt,
    deleted: false,
    row: {
      id: body.id,
      repository_id: scope.repositoryId,
      pull_request_id: pull.id,
      node_id: body.node_id,
      author_id: body.user?.id ?? null,
      author_login: body.user?.login ?? null,
      state: body.state,
      body: body.body,
      commit_id: body.commit_id,
      submitted_at: body.submitted_at,
      updated_at: version,
    },
  };
  return [...userFacts([body.user], scope.observedAt ?? version), review];
}
