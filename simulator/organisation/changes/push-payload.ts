import type { Account } from "../account.js";
import { commitsBetween, NO_COMMIT } from "../git.js";
import type { Organisation } from "../organisation.js";
import type { Commit, Repository } from "../repository.js";
import { renderPushedCommit } from "../../render/commit.js";
import { renderRepository } from "../../render/repository.js";
import { repositoryHtml } from "../../render/conversation.js";
import { emit } from "./emit.js";

/** GitHub puts at most this many commits in a push payload. */
export const MAX_PUSHED_COMMITS = 2048;

export interface Push {
  readonly repository: Repository;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly by: Account;
  readonly forced: boolean;
  /** Fewer commits than GitHub's cap, so that a truncated push needs no 2,048 commits. */
  readonly truncateAt?: number;
}

/** The repository inside a push: other time formats, and the owner with a name. */
function renderPushedRepository(organisation: Organisation, repository: Repository) {
  const body = renderRepository(organisation.urls, repository);
  const { owner } = body;
  return {
    ...body,
    owner: { name: owner.login, email: null, ...owner },
    url: body.html_url,
    created_at: repository.createdAt,
    pushed_at: repository.pushedAt,
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(owner.type === "Organization" ? { organization: owner.login } : {}),
  };
}

function pushedCommits({ repository, ref, before, after }: Push): Commit[] {
  if (after === NO_COMMIT || ref.startsWith("refs/tags/")) return [];
  const base = before === NO_COMMIT ? (repository.branches.get(repository.defaultBranch) ?? NO_COMMIT) : before;
  return commitsBetween(repository, base === after ? NO_COMMIT : base, after);
}

function compareUrl(html: string, { ref, before, after }: Push): string {
  if (before === NO_COMMIT) return `${html}/compare/${ref.replace(/^refs\/(heads|tags)\//, "")}`;
  return `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`;
}

/** Sends the `push` event. */
export function emitPush(organisation: Organisation, push: Push): void {
  if (organisation.silent) return;
  const { repository, ref, before, after, by } = push;
  const commits = pushedCommits(push)
    .slice(0, push.truncateAt ?? MAX_PUSHED_COMMITS)
    .map((commit) => renderPushedCommit(organisation.urls, repository, commit));
  const head = repository.commits.get(after);
  emit(organisation, {
    event: "push",
    action: null,
    repository,
    sender: by,
    repositoryBody: renderPushedRepository(organisation, repository),
    body: {
      ref,
      before,
      after,
      pusher: { name: by.login, email: `${by.id}+${by.login}@users.noreply.github.com` },
      created: before === NO_COMMIT,
      deleted: after === NO_COMMIT,
      forced: push.forced,
      base_ref: null,
      compare: compareUrl(repositoryHtml(organisation.urls, repository), push),
      commits,
      head_commit: head === undefined ? null : renderPushedCommit(organisation.urls, repository, head),
    },
  });
}
