import { commitsBetween, filesBetween, findCommit, log, mergeBase } from "../organisation/git.js";
import type { Commit, FileChange, Repository } from "../organisation/repository.js";
import { renderSimplePull } from "../render/pull.js";
import { renderCommit, renderFile } from "../render/commit.js";
import { repositoryApi, repositoryHtml } from "../render/conversation.js";
import { failure, NOT_FOUND, one, type Answer, type Schemas } from "../server/answer.js";
import { Answered, param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { resolveRef } from "./resolve-ref.js";

/** GitHub compares at most this many commits and files. */
const MAX_COMMITS = 250;
const MAX_FILES = 300;

const EMPTY = failure(409, "Git Repository is empty.");

function commitOf(call: Call, repository: Repository): Commit {
  if (repository.branches.size === 0) throw new Answered(EMPTY);
  const sha = resolveRef(repository, param(call, "ref"));
  const commit = sha === null ? null : findCommit(repository, sha);
  if (commit === null) throw new Answered(failure(422, `No commit found for SHA: ${param(call, "ref")}`));
  return commit;
}

function within(call: Call, commit: Commit): boolean {
  const since = call.query.get("since");
  const until = call.query.get("until");
  if (since !== null && commit.date < Date.parse(since) / 1000) return false;
  if (until !== null && commit.date > Date.parse(until) / 1000) return false;
  const path = call.query.get("path");
  return path === null || commit.files.some((file) => file.path === path || file.path.startsWith(`${path}/`));
}

/** Of a generated pull request the head is not stored, and its base is its parent. */
function isApart(repository: Repository, base: string, head: string): boolean {
  const { commits } = repository;
  return commits.has(base) && commits.has(head) && mergeBase(repository, base, head) === null;
}

function compare(call: Call, repository: Repository): Answer {
  const [from, to] = param(call, "basehead").split("...");
  const base = resolveRef(repository, from ?? "");
  const head = resolveRef(repository, to?.split(":").at(-1) ?? "");
  const baseCommit = base === null ? null : findCommit(repository, base);
  if (base === null || head === null || baseCommit === null) return NOT_FOUND;
  const { faults } = call.simulation;
  if (faults.lags(base) || faults.lags(head)) return NOT_FOUND;
  if (isApart(repository, base, head)) return failure(404, `No common ancestor between ${from} and ${to}.`);
  const { urls } = call.simulation.organisation;
  const ahead = commitsBetween(repository, base, head);
  const behind = commitsBetween(repository, head, base);
  const root = mergeBase(repository, base, head) ?? base;
  const html = `${repositoryHtml(urls, repository)}/compare/${base}...${head}`;
  const status =
    ahead.length > 0 ? (behind.length > 0 ? "diverged" : "ahead") : behind.length > 0 ? "behind" : "identical";
  const files = filesBetween(repository, base, head);
  const show = (commits: Schemas["commit"][], changed: readonly FileChange[]) =>
    one("commit-comparison", {
      url: `${repositoryApi(urls, repository)}/compare/${base}...${head}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: renderCommit(urls, repository, baseCommit, false),
      merge_base_commit: renderCommit(urls, repository, findCommit(repository, root) ?? baseCommit, false),
      status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits,
      files: changed.slice(0, MAX_FILES).map((file) => renderFile(urls, repository, head, file)),
    });
  const render = (each: Commit) => renderCommit(urls, repository, each, false);
  if (!call.query.has("page") && !call.query.has("per_page")) return show(ahead.slice(-MAX_COMMITS).map(render), files);
  const isFirst = (call.query.get("page") ?? "1") === "1";
  return page(call, "commit", ahead, render, (commits) => show(commits, isFirst ? files : []).body);
}

const READ = ["contents", "read"] as const;

export const commitRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/commits",
    permission: READ,
    handle: (call, repository) => {
      if (repository.branches.size === 0) return EMPTY;
      const sha = resolveRef(repository, call.query.get("sha"));
      if (sha === null) return NOT_FOUND;
      const found = log(repository, sha).filter((commit) => within(call, commit));
      const { urls } = call.simulation.organisation;
      return page(call, "commit", found, (each) => renderCommit(urls, repository, each, false));
    },
  },
  {
    method: "GET",
    path: "/commits/:ref",
    permission: READ,
    handle: (call, repository) =>
      one("commit", renderCommit(call.simulation.organisation.urls, repository, commitOf(call, repository), true)),
  },
  {
    method: "GET",
    path: "/commits/:ref/pulls",
    permission: ["pull_requests", "read"],
    handle: (call, repository) => {
      const { sha } = commitOf(call, repository);
      const pulls = [...repository.pulls.values()].filter(
        (pull) =>
          pull.headSha === sha ||
          pull.mergeCommitSha === sha ||
          commitsBetween(repository, pull.baseSha, pull.headSha).some((commit) => commit.sha === sha),
      );
      const { urls } = call.simulation.organisation;
      return page(call, "pull-request-simple", pulls, (pull) => renderSimplePull(urls, pull));
    },
  },
  { method: "GET", path: "/compare/*basehead", permission: READ, handle: compare },
]);
