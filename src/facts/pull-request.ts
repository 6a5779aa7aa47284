import { z } from "zod";
import type { Fact, PullRequestFact } from "./fact.js";
import { LabelBody, labelFacts, labelLinks } from "./label.js";
import type { AssigneeLink, PullRequestRow, ReviewerLink } from "./rows.js";
import { count, id, ifReadable, instant, listOf, orNull, text, textOrNothing } from "./scalars.js";
import type { Scope } from "./scope.js";
import { Author, UserBody, userFacts } from "./user.js";

const Team = z.object({ id, slug: ifReadable(z.string()), name: ifReadable(text) });

/** Fields of every pull request, including one embedded in a review. */
export const PullRequestBody = z.object({
  id,
  node_id: ifReadable(z.string()),
  number: count,
  state: z.string(),
  locked: orNull(z.boolean()),
  draft: orNull(z.boolean()),
  title: text,
  body: textOrNothing,
  user: Author,
  author_association: ifReadable(z.string()),
  created_at: instant,
  updated_at: instant,
  closed_at: orNull(instant),
  merged_at: orNull(instant),
  merge_commit_sha: ifReadable(z.string()),
  assignees: listOf(UserBody),
  requested_reviewers: listOf(z.union([UserBody, Team])),
  requested_teams: listOf(Team),
  labels: listOf(LabelBody),
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id }).nullish() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
  merged_by: Author,
  additions: ifReadable(count),
  deletions: ifReadable(count),
  changed_files: ifReadable(count),
  commits: ifReadable(count),
});
export type PullRequestBody = z.infer<typeof PullRequestBody>;

/** The pull request, its people and its labels. */
export function pullRequestFacts(body: PullRequestBody, scope: Scope): Fact[] {
  const seenAt = scope.observedAt ?? body.updated_at;
  const reviewers = usersOf(body.requested_reviewers ?? []);
  return [
    ...userFacts([body.user, body.merged_by, ...(body.assignees ?? []), ...reviewers], seenAt),
    ...labelFacts(body.labels ?? [], scope, seenAt),
    pullRequestFact(body, scope),
  ];
}

function pullRequestFact(body: PullRequestBody, scope: Scope): PullRequestFact {
  return {
    entity: "pull_request",
    key: `${scope.repository}#${body.number}`,
    observedAt: scope.observedAt,
    ...(scope.partial === true && { partial: true }),
    deleted: false,
    row: rowOf(body, scope),
    sets: {
      labels: labelLinks(body.labels ?? []),
      assignees: (body.assignees ?? []).map(assigneeLink),
      reviewers: usersOf(body.requested_reviewers ?? []).map((user): ReviewerLink => ({
        reviewer_id: user.id,
        reviewer_name: user.login,
      })),
      teams:
        body.requested_teams?.map((team): ReviewerLink => ({
          reviewer_id: team.id,
          reviewer_name: team.slug ?? team.name ?? String(team.id),
        })) ?? null,
    },
  };
}

function rowOf(body: PullRequestBody, scope: Scope): PullRequestRow {
  // Only a pull request's own body contains its line counts.
  const whole = body.additions !== null;
  return {
    id: body.id,
    repository_id: scope.repositoryId,
    node_id: body.node_id,
    number: body.number,
    title: body.title,
    body: body.body,
    state: body.state,
    draft: body.draft ?? false,
    locked: body.locked ?? false,
    author_id: body.user?.id ?? null,
    author_login: body.user?.login ?? null,
    author_association: body.author_association,
    head_ref: body.head.ref,
    head_sha: body.head.sha,
    head_repository_id: body.head.repo?.id ?? null,
    base_ref: body.base.ref,
    base_sha: body.base.sha,
    merge_commit_sha: body.merged_at === null ? null : body.merge_commit_sha,
    merged: body.merged_at !== null,
    merged_at: body.merged_at,
    closed_at: body.closed_at,
    created_at: body.created_at,
    updated_at: body.updated_at,
    core_updated_at: body.updated_at,
    details_updated_at: whole ? body.updated_at : null,
    merged_by_id: body.merged_by?.id ?? null,
    merged_by_login: body.merged_by?.login ?? null,
    additions: body.additions,
    deletions: body.deletions,
    changed_files: body.changed_files,
    commits: body.commits,
  };
}

export function assigneeLink(user: UserBody): AssigneeLink {
  return { user_id: user.id, login: user.login };
}

/** Old payloads list teams among the reviewers. */
function usersOf(reviewers: readonly (UserBody | z.infer<typeof Team>)[]): UserBody[] {
  return reviewers.filter((reviewer): reviewer is UserBody => "login" in reviewer);
}
