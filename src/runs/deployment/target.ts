import { z } from "zod";
import { ambiguousCommit, type Refusal, unknownCommit } from "../../agents/deployment/refusal.js";
import { kindOf } from "../../errors.js";
import type { GitHubClient } from "../../github/client.js";
import type { GitHubReader } from "../../github/reader.js";
import { commentWrittenAt, commitsLike, pushedSince } from "../../store/deployments/history.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import type { Sql } from "../../store/store.js";

/** The commit that a command is about. */
export interface Target {
  readonly sha: string;
  /** The pull request of the command; null: an issue. */
  readonly pull: number | null;
  /** The head that came after the command; null: the same, or the command names the commit. */
  readonly movedTo: string | null;
}

export interface TargetWish {
  readonly repository: KnownRepository;
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly commentId: bigint;
  /** As the command names it; null: the head. */
  readonly commit: string | null;
}

interface Reading {
  readonly sql: Sql;
  readonly client: GitHubClient;
  github(): Pick<GitHubReader, "pullRequest">;
}

const Commit = z.object({ sha: z.string() });
const Pull = z.object({
  merged: z.boolean(),
  merge_commit_sha: z.string().nullable(),
  head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.coerce.bigint() }).nullable() }),
});

/** Finds the exact commit: the one that the command names, else the head of where it was written. */
export async function resolveTarget(wish: TargetWish, reading: Reading): Promise<Target | Refusal> {
  const pull = wish.isPullRequest ? wish.number : null;
  if (wish.commit !== null) return named(wish, wish.commit, reading, pull);
  return pull === null ? headOfDefaultBranch(wish, reading) : headOfPull(wish, pull, reading);
}

async function named({ repository }: TargetWish, text: string, { sql, client }: Reading, pull: number | null) {
  const prefix = text.toLowerCase();
  if (!/^[0-9a-f]{7,40}$/.test(prefix))
    return unknownCommit(`${text} is no commit id: it takes 7 to 40 hexadecimal digits`);
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id };
  if (prefix.length < 40 && (await commitsLike(sql, scope, prefix)).length > 1) return ambiguousCommit(prefix);
  const sha = await commitAt(client, repository, prefix);
  // GitHub prefers a branch of that name to a commit whose id begins with it.
  if (!sha?.startsWith(prefix)) return unknownCommit(`GitHub knows no commit ${prefix} in ${repository.fullName}`);
  return { sha, pull, movedTo: null };
}

async function headOfDefaultBranch(wish: TargetWish, { sql, client }: Reading): Promise<Target | Refusal> {
  const { repository } = wish;
  const branch = repository.defaultBranch;
  const sha = branch === null ? null : await commitAt(client, repository, `heads/${branch}`);
  if (branch === null || sha === null) return unknownCommit(`${repository.fullName} has no default branch`);
  return { sha, pull: null, movedTo: await movedTo(wish, branch, sql) };
}

async function headOfPull(wish: TargetWish, pull: number, { sql, github }: Reading): Promise<Target | Refusal> {
  const { repository } = wish;
  const { merged, merge_commit_sha: mergeSha, head } = Pull.parse(await github().pullRequest(repository.ref, pull));
  if (merged && mergeSha !== null) return { sha: mergeSha, pull, movedTo: null };
  if (head.repo?.id !== repository.ref.id)
    return unknownCommit(`The head of #${pull} is in a fork, where it can move unseen; name the commit`);
  return { sha: head.sha, pull, movedTo: await movedTo(wish, head.ref, sql) };
}

/** A push in the very second of the command counts as later: which came first is not known. */
async function movedTo({ repository, commentId }: TargetWish, branch: string, sql: Sql): Promise<string | null> {
  const { installationId, ref } = repository;
  const at = await commentWrittenAt(sql, installationId, commentId);
  if (at === null) return null;
  return pushedSince(sql, { installationId, repositoryId: ref.id }, branch, at);
}

async function commitAt(client: GitHubClient, { ref: { owner, name } }: KnownRepository, ref: string) {
  try {
    const { data } = await client.rest("GET /repos/{owner}/{repo}/commits/{ref}", { owner, repo: name, ref });
    return Commit.parse(data).sha;
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "gone" || kind === "invalid") return null;
    throw error;
  }
}
