import { createHash } from "node:crypto";
import type { Commit, FileChange, Repository } from "../organisation/repository.js";
import type { Urls } from "../organisation/organisation.js";
import { repositoryApi, repositoryHtml } from "./conversation.js";
import { nodeId } from "./node-id.js";
import { iso } from "./time.js";
import { renderAuthor } from "./user.js";

/** The id that git gives a file's content. */
export function blobSha(content: string): string {
  const bytes = Buffer.from(content);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

export function treeSha(commit: Commit): string {
  return createHash("sha1").update(`tree ${commit.sha}`).digest("hex");
}

export function emailOf(commit: Commit): string {
  return `${commit.author.id}+${commit.author.login}@users.noreply.github.com`;
}

export function renderFile(urls: Urls, repository: Repository, sha: string, file: FileChange) {
  const html = repositoryHtml(urls, repository);
  return {
    sha: file.content === null ? null : blobSha(file.content),
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${sha}/${file.path}`,
    raw_url: `${html}/raw/${sha}/${file.path}`,
    contents_url: `${repositoryApi(urls, repository)}/contents/${file.path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

/** A commit as lists show it; with `files` and `stats` when a single one is read. */
export function renderCommit(urls: Urls, repository: Repository, commit: Commit, whole: boolean) {
  const api = repositoryApi(urls, repository);
  const html = repositoryHtml(urls, repository);
  const by = { name: commit.author.name ?? commit.author.login, email: emailOf(commit), date: iso(commit.date) };
  const author = renderAuthor(urls, commit.author);
  const additions = commit.files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = commit.files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    sha: commit.sha,
    node_id: nodeId(commit),
    commit: {
      author: by,
      committer: by,
      message: commit.message,
      tree: { sha: treeSha(commit), url: `${api}/git/trees/${treeSha(commit)}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author,
    committer: author,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    ...(whole
      ? {
          stats: { total: additions + deletions, additions, deletions },
          files: commit.files.map((file) => renderFile(urls, repository, commit.sha, file)),
        }
      : {}),
  };
}

/** A commit inside a push payload. */
export function renderPushedCommit(urls: Urls, repository: Repository, commit: Commit) {
  const by = { name: commit.author.name ?? commit.author.login, email: emailOf(commit), username: commit.author.login };
  const paths = (status: FileChange["status"]) =>
    commit.files.filter((file) => file.status === status).map((file) => file.path);
  return {
    id: commit.sha,
    tree_id: treeSha(commit),
    distinct: true,
    message: commit.message,
    timestamp: iso(commit.date),
    url: `${repositoryHtml(urls, repository)}/commit/${commit.sha}`,
    author: by,
    committer: by,
    added: paths("added"),
    removed: paths("removed"),
    modified: [...paths("modified"), ...paths("renamed")],
  };
}
