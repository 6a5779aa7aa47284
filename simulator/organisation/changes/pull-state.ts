import { seconds, type Organisation } from "../organisation.js";
import type { PullRequest } from "../conversation.js";
import { addCommit, filesBetween } from "../git.js";
import { actor, ChangeRefused, pullNumbered, touch, type OnNumber } from "./find.js";
import { emitConversation } from "./conversations.js";
import { closeIssue } from "./issues.js";
import { closedBy, closingIssues } from "./pull-open.js";
import { emitPush } from "./push-payload.js";

export interface EditPull extends OnNumber {
  readonly title?: string;
  readonly body?: string | null;
  readonly base?: string;
}

/** Edits the title, the body or the base branch. */
export function editPull(organisation: Organisation, input: EditPull): PullRequest {
  const pull = pullNumbered(organisation, input);
  const changes: { [key: string]: unknown } = {};
  if (input.title !== undefined && input.title !== pull.title) {
    changes["title"] = { from: pull.title };
    pull.title = input.title;
  }
  if (input.body !== undefined && input.body !== pull.body) {
    changes["body"] = { from: pull.body ?? "" };
    pull.body = input.body;
    pull.closes = closedBy(input.body);
  }
  if (input.base !== undefined && input.base !== pull.baseRef) {
    const sha = pull.repository.branches.get(input.base);
    if (sha === undefined) throw new ChangeRefused(422, `no branch ${input.base}`);
    changes["base"] = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    pull.baseRef = input.base;
    pull.baseSha = sha;
  }
  if (Object.keys(changes).length === 0) return pull;
  touch(organisation, pull);
  emitConversation(organisation, pull, "edited", actor(organisation, input), { changes });
  return pull;
}

function setState(organisation: Organisation, input: OnNumber, state: "open" | "closed", action: string): PullRequest {
  const pull = pullNumbered(organisation, input);
  if (pull.state === state) return pull;
  if (pull.mergedAt !== null) throw new ChangeRefused(422, "a merged pull request cannot be reopened");
  pull.state = state;
  pull.closedAt = state === "closed" ? seconds(organisation) : null;
  touch(organisation, pull);
  emitConversation(organisation, pull, action, actor(organisation, input));
  return pull;
}

export function closePull(organisation: Organisation, input: OnNumber): PullRequest {
  return setState(organisation, input, "closed", "closed");
}

export function reopenPull(organisation: Organisation, input: OnNumber): PullRequest {
  return setState(organisation, input, "open", "reopened");
}

function setDraft(organisation: Organisation, input: OnNumber, draft: boolean, action: string): PullRequest {
  const pull = pullNumbered(organisation, input);
  if (pull.draft === draft) return pull;
  pull.draft = draft;
  touch(organisation, pull);
  emitConversation(organisation, pull, action, actor(organisation, input));
  return pull;
}

export function readyPull(organisation: Organisation, input: OnNumber): PullRequest {
  return setDraft(organisation, input, false, "ready_for_review");
}

export function draftPull(organisation: Organisation, input: OnNumber): PullRequest {
  return setDraft(organisation, input, true, "converted_to_draft");
}

/** Merges with a merge commit, pushes the base branch, and closes the issues that the body names. */
export function mergePull(organisation: Organisation, input: OnNumber): PullRequest {
  const pull = pullNumbered(organisation, input);
  const { repository } = pull;
  if (pull.state !== "open" || pull.draft) throw new ChangeRefused(405, "Pull Request is not mergeable");
  const before = repository.branches.get(pull.baseRef);
  if (before === undefined) throw new ChangeRefused(409, "Base branch was deleted");
  const by = actor(organisation, input);
  const files = filesBetween(repository, pull.baseSha, pull.headSha);
  const merge = addCommit(organisation, repository, by, [before, pull.headSha], {
    message: `Merge pull request #${pull.number} from ${repository.owner.login}/${pull.headRef}\n\n${pull.title}`,
    files: files.map((file) => ({
      path: file.path,
      content: file.content,
      ...(file.previousPath === undefined ? {} : { previousPath: file.previousPath }),
    })),
  });
  const now = seconds(organisation);
  repository.branches.set(pull.baseRef, merge.sha);
  repository.pushedAt = now;
  repository.updatedAt = Math.max(repository.updatedAt, now);
  pull.state = "closed";
  pull.closedAt = now;
  pull.mergedAt = now;
  pull.mergedBy = by;
  pull.mergeCommitSha = merge.sha;
  touch(organisation, pull);
  emitConversation(organisation, pull, "closed", by);
  emitPush(organisation, {
    repository,
    ref: `refs/heads/${pull.baseRef}`,
    before,
    after: merge.sha,
    by,
    forced: false,
  });
  if (pull.baseRef === repository.defaultBranch) {
    for (const issue of closingIssues(pull)) {
      closeIssue(organisation, { repository: input.repository, number: issue.number, by: by.login });
    }
  }
  return pull;
}
