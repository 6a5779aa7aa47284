import { createHash } from "node:crypto";
import type { Account } from "./account.js";
import type { PullRequest } from "./conversation.js";
import { diff } from "./diff.js";
import { newId, register, seconds, type Organisation } from "./organisation.js";
import type { Commit, FileChange, Repository } from "./repository.js";

export const NO_COMMIT = "0".repeat(40);

/** A file as a change names it; `content` null removes it. */
export interface FileInput {
  readonly path: string;
  readonly content: string | null;
  readonly previousPath?: string;
}

export interface CommitInput {
  readonly message: string;
  readonly files?: readonly FileInput[];
}

/** The commits from `sha` along the first parents. */
export function* history(repository: Repository, sha: string): Generator<Commit> {
  for (let at: string | undefined = sha; at !== undefined;) {
    const commit = repository.commits.get(at);
    if (commit === undefined) return;
    yield commit;
    at = commit.parents[0];
  }
}

/** Every commit that is reachable from `sha`, the latest first, as `git log` shows them. */
export function log(repository: Repository, sha: string): Commit[] {
  const commits = [...reachable(repository, sha)].flatMap((each) => repository.commits.get(each) ?? []);
  return commits.sort((a, b) => b.date - a.date || b.id - a.id);
}

function reachable(repository: Repository, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [from];
  for (let sha = queue.pop(); sha !== undefined; sha = queue.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    queue.push(...(repository.commits.get(sha)?.parents ?? []));
  }
  return seen;
}

/** The content of a file at a commit, or null when it is not there. */
export function contentAt(repository: Repository, sha: string, path: string): string | null {
  for (const commit of history(repository, sha)) {
    const file = commit.files.find((each) => each.path === path);
    if (file !== undefined) return file.content;
    if (commit.files.some((each) => each.previousPath === path)) return null;
  }
  return null;
}

/** Every file at a commit. */
export function treeAt(repository: Repository, sha: string): Map<string, string> {
  const decided = new Map<string, string | null>();
  for (const commit of history(repository, sha)) {
    for (const file of commit.files) {
      if (!decided.has(file.path)) decided.set(file.path, file.content);
      if (file.previousPath !== undefined && !decided.has(file.previousPath)) decided.set(file.previousPath, null);
    }
  }
  const tree = new Map<string, string>();
  for (const [path, content] of [...decided].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (content !== null) tree.set(path, content);
  return tree;
}

function fileChange(path: string, before: string | null, after: string | null, previousPath?: string): FileChange {
  const { additions, deletions, patch } = diff(before ?? "", after ?? "");
  const status =
    previousPath === undefined ? (before === null ? "added" : after === null ? "removed" : "modified") : "renamed";
  return {
    path,
    status,
    content: after,
    additions,
    deletions,
    ...(after?.includes("\0") === true || patch === "" || isTooLong(patch) ? {} : { patch }),
    ...(previousPath === undefined ? {} : { previousPath }),
  };
}

/** GitHub shows no patch of a file beyond these. Source: GitHub's documentation, 'Repository limits'. */
function isTooLong(patch: string): boolean {
  return patch.length > 1_000_000 || patch.split("\n").length > 20_000;
}

/** Adds a commit on top of its parent. */
export function addCommit(
  organisation: Organisation,
  repository: Repository,
  author: Account,
  parents: readonly string[],
  input: CommitInput,
): Commit {
  const id = newId(organisation);
  const parent = parents[0] ?? NO_COMMIT;
  const files = (input.files ?? []).map((file) =>
    fileChange(
      file.path,
      contentAt(repository, parent, file.previousPath ?? file.path),
      file.content,
      file.previousPath,
    ),
  );
  const commit: Commit = {
    kind: "commit",
    id,
    sha: createHash("sha1")
      .update(`${id} ${parents.join(" ")} ${input.message}`)
      .digest("hex"),
    parents,
    message: input.message,
    author,
    date: seconds(organisation),
    files,
  };
  repository.commits.set(commit.sha, commit);
  return register(organisation, commit);
}

/** The commits that `head` has and `base` has not, oldest first. */
export function commitsBetween(repository: Repository, base: string, head: string): Commit[] {
  const known = reachable(repository, base);
  return log(repository, head)
    .filter(({ sha }) => !known.has(sha))
    .reverse();
}

/** The latest commit that both have; null when they have none. */
export function mergeBase(repository: Repository, base: string, head: string): string | null {
  const known = reachable(repository, head);
  return log(repository, base).find(({ sha }) => known.has(sha))?.sha ?? null;
}

/** The files that differ between the point where `head` left `base`, and `head`. */
export function filesBetween(repository: Repository, base: string, head: string): FileChange[] {
  const commits = commitsBetween(repository, base, head);
  const root = mergeBase(repository, base, head) ?? base;
  const renamed = new Map<string, string>();
  const paths = new Set<string>();
  for (const file of commits.flatMap((commit) => commit.files)) {
    paths.add(file.path);
    if (file.previousPath !== undefined) renamed.set(file.path, file.previousPath);
  }
  const files: FileChange[] = [];
  for (const path of [...paths].sort()) {
    const previous = renamed.get(path);
    const before = contentAt(repository, root, previous ?? path);
    const after = contentAt(repository, head, path);
    if (before !== after || previous !== undefined) files.push(fileChange(path, before, after, previous));
  }
  return files;
}

/** Counts the pull request's commits, files and lines again. */
export function measure(pull: PullRequest): void {
  const files = filesBetween(pull.repository, pull.baseSha, pull.headSha);
  pull.commitCount = commitsBetween(pull.repository, pull.baseSha, pull.headSha).length;
  pull.changedFiles = files.length;
  pull.additions = files.reduce((sum, file) => sum + file.additions, 0);
  pull.deletions = files.reduce((sum, file) => sum + file.deletions, 0);
}

/** A commit by its id; the heads of generated pull requests are made when first asked for. */
export function findCommit(repository: Repository, sha: string): Commit | null {
  const stored = repository.commits.get(sha);
  if (stored !== undefined) return stored;
  for (const pull of repository.pulls.values()) if (pull.headSha === sha) return generatedHead(pull);
  return null;
}

/** The head of a pull request; generated ones do not hold it. */
export function generatedHead(pull: PullRequest): Commit {
  const stored = pull.repository.commits.get(pull.headSha);
  if (stored !== undefined) return stored;
  return {
    kind: "commit",
    id: pull.issueId,
    sha: pull.headSha,
    parents: [pull.baseSha],
    message: pull.title,
    author: pull.author,
    date: pull.createdAt,
    files: [],
  };
}
