import { z } from "zod";
import type { PullRequest } from "../organisation/conversation.js";
import { commitsBetween, filesBetween, generatedHead } from "../organisation/git.js";
import type { Repository } from "../organisation/repository.js";
import { renderCommit, renderFile } from "../render/commit.js";
import { renderPull, renderSimplePull } from "../render/pull.js";
import { failure, NOT_FOUND, one } from "../server/answer.js";
import { Answered, bodyOf, numberParam, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { inRepository, perform } from "./changes.js";
import { select } from "./sorting.js";

/** GitHub lists at most this many files of a pull request. */
const MAX_FILES = 3000;
const MAX_COMMITS = 250;

export function pullOf(call: Call, repository: Repository): PullRequest {
  const found = repository.pulls.get(numberParam(call, "number"));
  if (found === undefined) throw new Answered(NOT_FOUND);
  return found;
}

const NewPull = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
});

const PullEdit = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});

const READ = ["pull_requests", "read"] as const;
const WRITE = ["pull_requests", "write"] as const;

function diffText(pull: PullRequest): string {
  return filesBetween(pull.repository, pull.baseSha, pull.headSha)
    .map((file) => {
      const from = file.status === "added" ? "/dev/null" : `a/${file.previousPath ?? file.path}`;
      const to = file.status === "removed" ? "/dev/null" : `b/${file.path}`;
      return `diff --git a/${file.previousPath ?? file.path} b/${file.path}\n--- ${from}\n+++ ${to}\n${file.patch ?? ""}\n`;
    })
    .join("");
}

export const pullRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/pulls",
    permission: READ,
    handle: (call, repository) => {
      const { urls } = call.simulation.organisation;
      const head = call.query.get("head")?.split(":").at(-1);
      const base = call.query.get("base");
      const found = select(call, repository.pulls.values()).filter(
        (pull) => (head === undefined || pull.headRef === head) && (base === null || pull.baseRef === base),
      );
      return page(call, "pull-request-simple", found, (pull) => renderSimplePull(urls, pull));
    },
  },
  {
    method: "POST",
    path: "/pulls",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, NewPull);
      const head = wanted.head.split(":").at(-1) ?? wanted.head;
      if (!repository.branches.has(head))
        return failure(422, "Validation Failed", { errors: [{ field: "head", code: "invalid" }] });
      const pull = perform(call, "openPull", {
        ...inRepository(call, repository),
        title: wanted.title,
        head,
        base: wanted.base,
        body: wanted.body ?? null,
        draft: wanted.draft ?? false,
        commits: [],
      });
      return one("pull-request", renderPull(call.simulation.organisation.urls, pull), 201);
    },
  },
  {
    method: "GET",
    path: "/pulls/:number",
    permission: READ,
    handle: (call, repository) => {
      const pull = pullOf(call, repository);
      if (call.headers.accept?.includes("diff") === true) {
        if (filesBetween(repository, pull.baseSha, pull.headSha).length > 300) {
          return failure(406, "Sorry, the diff exceeded the maximum number of files (300)");
        }
        return { status: 200, raw: diffText(pull), type: "text/plain; charset=utf-8" };
      }
      return one("pull-request", renderPull(call.simulation.organisation.urls, pull));
    },
  },
  {
    method: "PATCH",
    path: "/pulls/:number",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const pull = pullOf(call, repository);
      const { state, ...edit } = bodyOf(call, PullEdit);
      const on = { ...inRepository(call, repository), number: pull.number };
      perform(call, "editPull", {
        ...on,
        ...(edit.title === undefined ? {} : { title: edit.title }),
        ...(edit.body === undefined ? {} : { body: edit.body }),
        ...(edit.base === undefined ? {} : { base: edit.base }),
      });
      if (state !== undefined) perform(call, state === "open" ? "reopenPull" : "closePull", on);
      return one("pull-request", renderPull(call.simulation.organisation.urls, pull));
    },
  },
  {
    method: "PUT",
    path: "/pulls/:number/merge",
    permission: ["contents", "write"],
    content: true,
    handle: (call, repository) => {
      const pull = pullOf(call, repository);
      const merged = perform(call, "mergePull", { ...inRepository(call, repository), number: pull.number });
      const sha = merged.mergeCommitSha ?? "";
      return one("pull-request-merge-result", { sha, merged: true, message: "Pull Request successfully merged" });
    },
  },
  {
    method: "GET",
    path: "/pulls/:number/files",
    permission: READ,
    handle: (call, repository) => {
      const pull = pullOf(call, repository);
      const files = filesBetween(repository, pull.baseSha, pull.headSha).slice(0, MAX_FILES);
      const { urls } = call.simulation.organisation;
      return page(call, "diff-entry", files, (file) => renderFile(urls, repository, pull.headSha, file));
    },
  },
  {
    method: "GET",
    path: "/pulls/:number/commits",
    permission: READ,
    handle: (call, repository) => {
      const pull = pullOf(call, repository);
      const stored = commitsBetween(repository, pull.baseSha, pull.headSha);
      const commits = (stored.length === 0 ? [generatedHead(pull)] : stored).slice(0, MAX_COMMITS);
      const { urls } = call.simulation.organisation;
      return page(call, "commit", commits, (commit) => renderCommit(urls, repository, commit, false));
    },
  },
]);
