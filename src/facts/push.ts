import { z } from "zod";
import { PushedCommit, pushedCommitFact } from "./commit.js";
import type { Fact, PushFact } from "./fact.js";
import type { PushKind, PushRow } from "./rows.js";
import { count, ifReadable, instant, orNull, text } from "./scalars.js";
import type { Scope } from "./scope.js";

export const NO_COMMIT = "0".repeat(40);

/** The most commits in a payload: docs.github.com/webhooks, `push`. */
export const COMMITS_IN_A_PAYLOAD = 2048;

export const PushBody = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  created: orNull(z.boolean()),
  deleted: orNull(z.boolean()),
  forced: orNull(z.boolean()),
  base_ref: ifReadable(z.string()),
  commits: z.array(PushedCommit),
  /** The number of commits, if GitHub gives it. */
  size: ifReadable(count),
  head_commit: PushedCommit.nullish(),
  pusher: z.object({ name: ifReadable(text) }).nullish(),
  repository: z.object({ pushed_at: instant }),
});
export type PushBody = z.infer<typeof PushBody>;

/** The push and the commits in its payload, including its head. */
export function pushFacts(body: PushBody, scope: Scope): Fact[] {
  const commits = new Map(body.commits.map((commit) => [commit.id, commit]));
  if (body.head_commit) commits.set(body.head_commit.id, body.head_commit);
  const seenAt = body.repository.pushed_at;
  return [
    ...[...commits.values()].map((commit) =>
      pushedCommitFact(commit, scope, { parents: parentsOf(commit.id, body), seenAt }),
    ),
    pushFact(body, scope),
  ];
}

/**
 * A payload lists no parents. The parent of a single commit on top of a branch is the branch's former head. Other
 * commits that it merges were in the branch already, and add nothing to a range of commits.
 */
function parentsOf(sha: string, body: PushBody): readonly string[] | null {
  const [only, ...more] = body.commits;
  const isOne = only?.id === sha && more.length === 0 && body.after === sha && !isTruncated(body);
  return isOne && kindOfPush(body) === "branch-updated" ? [body.before] : null;
}

function pushFact(body: PushBody, scope: Scope): PushFact {
  return {
    entity: "push",
    key: `${scope.repository} ${body.ref} ${body.before.slice(0, 7)}..${body.after.slice(0, 7)}`,
    row: {
      repository_id: scope.repositoryId,
      ref: body.ref,
      ref_type: refTypeOf(body.ref),
      before: body.before,
      after: body.after,
      kind: kindOfPush(body),
      forced: body.forced ?? false,
      commit_count: Math.max(body.commits.length, body.size ?? 0),
      truncated: isTruncated(body),
      pusher_login: body.pusher?.name ?? null,
      head_sha: isDeletion(body) ? null : (body.head_commit?.id ?? body.after),
      pushed_at: body.repository.pushed_at,
    },
  };
}

export function refTypeOf(ref: string): PushRow["ref_type"] {
  if (ref.startsWith("refs/heads/")) return "branch";
  return ref.startsWith("refs/tags/") ? "tag" : "other";
}

/** How the push changed its ref. A moved tag is always a forced push. */
export function kindOfPush(
  push: Pick<PushBody, "ref" | "before" | "after" | "created" | "deleted" | "forced">,
): PushKind {
  const type = refTypeOf(push.ref);
  if (type === "other") return "other";
  if (isDeletion(push)) return `${type}-deleted`;
  if (push.created === true || push.before === NO_COMMIT) return `${type}-created`;
  if (type === "tag") return "tag-moved";
  return push.forced === true ? "branch-forced" : "branch-updated";
}

function isDeletion(push: Pick<PushBody, "after" | "deleted">): boolean {
  return push.deleted === true || push.after === NO_COMMIT;
}

/** Commits were left out: the payload is full, has fewer than it should, or lacks the new head. */
function isTruncated(push: PushBody): boolean {
  const { commits } = push;
  if (commits.length >= COMMITS_IN_A_PAYLOAD || (push.size ?? 0) > commits.length) return true;
  return refTypeOf(push.ref) === "branch" && commits.length > 0 && commits.every(({ id }) => id !== push.after);
}
