import { z } from "zod";
import type { CommitFact } from "./fact.js";
import { ifReadable, instant, text } from "./scalars.js";
import type { Scope } from "./scope.js";

const Person = z.object({
  name: ifReadable(text),
  email: ifReadable(text),
  username: ifReadable(z.string()),
  date: ifReadable(instant),
});

/** A commit inside a push. A person of an unknown account has no `username`. */
export const PushedCommit = z.object({
  id: z.string(),
  tree_id: ifReadable(z.string()),
  message: text,
  timestamp: ifReadable(instant),
  author: Person.nullish(),
  committer: Person.nullish(),
  added: z.array(text).nullish(),
  modified: z.array(text).nullish(),
  removed: z.array(text).nullish(),
});
export type PushedCommit = z.infer<typeof PushedCommit>;

/** A commit in REST's list: without its files. */
export const CommitBody = z.object({
  sha: z.string(),
  commit: z.object({
    message: text,
    tree: z.object({ sha: z.string() }).nullish(),
    author: Person.nullish(),
    committer: Person.nullish(),
  }),
  author: z.object({ login: ifReadable(z.string()) }).nullish(),
  committer: z.object({ login: ifReadable(z.string()) }).nullish(),
  parents: ifReadable(z.array(z.object({ sha: z.string() }))),
});
export type CommitBody = z.infer<typeof CommitBody>;

/** The facts that a push adds to each of its commits. */
export interface OfPush {
  readonly parents: readonly string[] | null;
  readonly seenAt: string | null;
}

export function pushedCommitFact(commit: PushedCommit, scope: Scope, { parents, seenAt }: OfPush): CommitFact {
  return {
    entity: "commit",
    key: `${scope.repository}@${commit.id.slice(0, 7)}`,
    row: {
      repository_id: scope.repositoryId,
      sha: commit.id,
      tree_sha: commit.tree_id,
      message: commit.message,
      author_name: commit.author?.name ?? null,
      author_email: commit.author?.email ?? null,
      author_login: commit.author?.username ?? null,
      committer_login: commit.committer?.username ?? null,
      authored_at: commit.author?.date ?? commit.timestamp,
      committed_at: commit.committer?.date ?? commit.timestamp,
      added: commit.added ?? [],
      modified: commit.modified ?? [],
      removed: commit.removed ?? [],
      parents,
      first_seen_at: seenAt,
    },
  };
}

export function commitFact(body: CommitBody, scope: Scope): CommitFact {
  return {
    entity: "commit",
    key: `${scope.repository}@${body.sha.slice(0, 7)}`,
    row: {
      repository_id: scope.repositoryId,
      sha: body.sha,
      tree_sha: body.commit.tree?.sha ?? null,
      message: body.commit.message,
      author_name: body.commit.author?.name ?? null,
      author_email: body.commit.author?.email ?? null,
      author_login: body.author?.login ?? null,
      committer_login: body.committer?.login ?? null,
      authored_at: body.commit.author?.date ?? null,
      committed_at: body.commit.committer?.date ?? null,
      added: [],
      modified: [],
      removed: [],
      parents: body.parents?.map(({ sha }) => sha) ?? null,
      first_seen_at: null,
    },
  };
}
