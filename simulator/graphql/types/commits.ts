import { shown } from "../../organisation/account.js";
import { blame } from "../../organisation/blame.js";
import { commitsBetween, findCommit, log } from "../../organisation/git.js";
import type { CheckRun, Commit } from "../../organisation/repository.js";
import { emailOf, treeSha } from "../../render/commit.js";
import { repositoryHtml } from "../../render/conversation.js";
import { nodeId } from "../../render/node-id.js";
import { iso, isoOrNull } from "../../render/time.js";
import { connectAll } from "../connection.js";
import { needRollup } from "../context.js";
import { define, ofClass, ofKind } from "../define.js";
import { BlameOf, BlameRangeOf, CommitIn, GitActor, RefIn, Rollup, rollupOf } from "../wrappers.js";

function sum(commit: Commit, side: "additions" | "deletions"): number {
  return commit.files.reduce((total, file) => total + file[side], 0);
}

function pullsWith({ repository, commit }: CommitIn) {
  return [...repository.pulls.values()].filter(
    (pull) =>
      pull.headSha === commit.sha ||
      pull.mergeCommitSha === commit.sha ||
      commitsBetween(repository, pull.baseSha, pull.headSha).some((each) => each.sha === commit.sha),
  );
}

const time = (value: unknown, fallback: number): number =>
  typeof value === "string" ? Date.parse(value) / 1000 : fallback;

export const commit = define(ofClass(CommitIn), {
  id: (source) => nodeId(source.commit),
  oid: (source) => source.commit.sha,
  abbreviatedOid: (source) => source.commit.sha.slice(0, 7),
  message: (source) => source.commit.message,
  messageHeadline: (source) => source.commit.message.split("\n")[0] ?? "",
  messageBody: (source) => source.commit.message.split("\n").slice(1).join("\n").trim(),
  committedDate: (source) => iso(source.commit.date),
  authoredDate: (source) => iso(source.commit.date),
  pushedDate: () => null,
  author: (source) => new GitActor(source.commit),
  committer: (source) => new GitActor(source.commit),
  authors: (source, args) => connectAll([new GitActor(source.commit)], args),
  additions: (source) => sum(source.commit, "additions"),
  deletions: (source) => sum(source.commit, "deletions"),
  changedFiles: (source) => source.commit.files.length,
  changedFilesIfAvailable: (source) => source.commit.files.length,
  repository: (source) => source.repository,
  tree: (source) => ({ oid: treeSha(source.commit) }),
  url: (source, _args, { simulation }) =>
    `${repositoryHtml(simulation.organisation.urls, source.repository)}/commit/${source.commit.sha}`,
  parents: (source, args) =>
    connectAll(
      source.commit.parents.flatMap((sha) => findCommit(source.repository, sha) ?? []),
      args,
      (each) => new CommitIn(source.repository, each),
    ),
  history: (source, args) => {
    const from = time(args["since"], Number.NEGATIVE_INFINITY);
    const until = time(args["until"], Number.POSITIVE_INFINITY);
    const { path } = args;
    const found = log(source.repository, source.commit.sha).filter(
      (each) =>
        each.date >= from &&
        each.date <= until &&
        (typeof path !== "string" || each.files.some((file) => file.path === path)),
    );
    return connectAll(found, args, (each) => new CommitIn(source.repository, each));
  },
  blame: (source, args) => blameOf(source, String(args["path"])),
  associatedPullRequests: (source, args) => connectAll(pullsWith(source), args),
  statusCheckRollup: (source, _args, context) => {
    needRollup(context);
    return rollupOf(source.repository, source.commit.sha, pullsWith(source)[0] ?? null);
  },
});

function blameOf({ repository, commit: at }: CommitIn, path: string): BlameOf {
  return new BlameOf(
    blame(repository, at.sha, path).map(
      ({ start, end, commit: by }) => new BlameRangeOf(start, end, new CommitIn(repository, by)),
    ),
  );
}

export const blameResolver = define(ofClass(BlameOf), { ranges: (source) => source.ranges });

export const blameRange = define(ofClass(BlameRangeOf), {
  startingLine: (source) => source.startingLine,
  endingLine: (source) => source.endingLine,
  commit: (source) => source.commit,
  age: () => 1,
});

export const gitActor = define(ofClass(GitActor), {
  name: (source) => source.commit.author.name ?? source.commit.author.login,
  email: (source) => emailOf(source.commit),
  date: (source) => iso(source.commit.date),
  user: (source) => {
    const author = shown(source.commit.author);
    return author?.type === "User" ? author : null;
  },
});

export const rollup = define(ofClass(Rollup), {
  id: (source) => `SCR_${source.sha.slice(0, 16)}`,
  state: (source) => source.state,
  contexts: (source, args) => connectAll(source.repository.checkRuns.get(source.sha) ?? [], args),
});

export const checkRun = define(ofKind<CheckRun>("check-run"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  name: (source) => source.name,
  status: (source) => source.status.toUpperCase(),
  conclusion: (source) => source.conclusion?.toUpperCase() ?? null,
  startedAt: (source) => iso(source.startedAt),
  completedAt: (source) => isoOrNull(source.completedAt),
  title: (source) => source.title,
  summary: (source) => source.summary,
});

export const ref = define(ofClass(RefIn), {
  id: (source) => `REF_${source.repository.id}_${Buffer.from(source.name).toString("base64url")}`,
  name: (source) => source.name,
  prefix: (source) => source.prefix,
  repository: (source) => source.repository,
  target: (source) => {
    const found = findCommit(source.repository, source.sha);
    return found === null ? null : new CommitIn(source.repository, found);
  },
});

function isTree(value: unknown): value is { readonly oid: string } {
  return typeof value === "object" && value !== null && "oid" in value;
}

export const tree = define(isTree, { oid: (source) => source.oid });
