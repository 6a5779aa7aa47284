import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import type { Issue } from "../conversation.js";
import { renderIssue } from "../../render/issue.js";
import { renderRepository } from "../../render/repository.js";
import { emitConversation } from "./conversations.js";
import { actor, issueNumbered, labelNamed, repositoryNamed, touch, type InRepository, type OnNumber } from "./find.js";

export interface OpenIssue extends InRepository {
  readonly title: string;
  readonly body?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  /** The author, when it is not the one who acts: a ghost for example. */
  readonly author?: string;
}

/** Opens an issue; its labels and assignees are followed by their own events, as at GitHub. */
export function openIssue(organisation: Organisation, input: OpenIssue): Issue {
  const repository = repositoryNamed(organisation, input);
  const by = actor(organisation, input);
  const now = seconds(organisation);
  const issue: Issue = {
    kind: "issue",
    id: newId(organisation),
    number: repository.nextNumber,
    repository,
    author: input.author === undefined ? by : account(organisation, input.author),
    title: input.title,
    body: input.body ?? null,
    state: "open",
    stateReason: null,
    locked: false,
    labels: (input.labels ?? []).map((name) => labelNamed(organisation, repository, name)),
    assignees: (input.assignees ?? []).map((login) => account(organisation, login)),
    comments: [],
    reactions: [],
    events: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  };
  repository.nextNumber += 1;
  repository.revision += 1;
  repository.issues.set(issue.number, issue);
  register(organisation, issue);
  emitConversation(organisation, issue, "opened", by);
  return issue;
}

export interface EditIssue extends OnNumber {
  readonly title?: string;
  readonly body?: string | null;
}

export function editIssue(organisation: Organisation, input: EditIssue): Issue {
  const issue = issueNumbered(organisation, input);
  const changes: { [key: string]: unknown } = {};
  if (input.title !== undefined && input.title !== issue.title) {
    changes["title"] = { from: issue.title };
    issue.title = input.title;
  }
  if (input.body !== undefined && input.body !== issue.body) {
    changes["body"] = { from: issue.body ?? "" };
    issue.body = input.body;
  }
  if (Object.keys(changes).length === 0) return issue;
  touch(organisation, issue);
  emitConversation(organisation, issue, "edited", actor(organisation, input), { changes });
  return issue;
}

export interface CloseIssue extends OnNumber {
  readonly reason?: "completed" | "not_planned";
}

export function closeIssue(organisation: Organisation, input: CloseIssue): Issue {
  const issue = issueNumbered(organisation, input);
  if (issue.state === "closed") return issue;
  issue.state = "closed";
  issue.stateReason = input.reason ?? "completed";
  issue.closedAt = seconds(organisation);
  touch(organisation, issue);
  emitConversation(organisation, issue, "closed", actor(organisation, input));
  return issue;
}

export function reopenIssue(organisation: Organisation, input: OnNumber): Issue {
  const issue = issueNumbered(organisation, input);
  if (issue.state === "open") return issue;
  issue.state = "open";
  issue.stateReason = "reopened";
  issue.closedAt = null;
  touch(organisation, issue);
  emitConversation(organisation, issue, "reopened", actor(organisation, input));
  return issue;
}

/** Locks the conversation: only people with write access can comment then. */
export function lockIssue(organisation: Organisation, input: OnNumber): Issue {
  const issue = issueNumbered(organisation, input);
  if (issue.locked) return issue;
  issue.locked = true;
  touch(organisation, issue);
  emitConversation(organisation, issue, "locked", actor(organisation, input));
  return issue;
}

function forget(organisation: Organisation, issue: Issue): void {
  issue.repository.issues.delete(issue.number);
  issue.repository.revision += 1;
  organisation.nodes.delete(issue.id);
  for (const comment of issue.comments) organisation.nodes.delete(comment.id);
}

/** Deletes an issue; its comments go with it, without events of their own. */
export function deleteIssue(organisation: Organisation, input: OnNumber): void {
  const issue = issueNumbered(organisation, input);
  forget(organisation, issue);
  issue.repository.gone.add(issue.number);
  emitConversation(organisation, issue, "deleted", actor(organisation, input));
}

export interface TransferIssue extends OnNumber {
  /** Full name of the new repository. */
  readonly to: string;
}

/**
 * Moves an issue to another repository: `transferred` in the old one, `opened` in the new one. Comments move along
 * under new ids without events; labels that the new repository has not are lost.
 */
export function transferIssue(organisation: Organisation, input: TransferIssue): Issue {
  const old = issueNumbered(organisation, input);
  const target = repositoryNamed(organisation, { repository: input.to });
  const moved: Issue = {
    ...old,
    id: newId(organisation),
    number: target.nextNumber,
    repository: target,
    labels: old.labels.flatMap((each) => target.labels.get(each.name.toLowerCase()) ?? []),
    comments: [],
    updatedAt: Math.max(old.updatedAt, seconds(organisation)),
  };
  moved.comments = old.comments.map((comment) =>
    register(organisation, { ...comment, id: newId(organisation), on: moved }),
  );
  target.nextNumber += 1;
  target.revision += 1;
  target.issues.set(moved.number, register(organisation, moved));
  forget(organisation, old);
  old.repository.moved.set(old.number, moved);
  const by = actor(organisation, input);
  emitConversation(organisation, old, "transferred", by, {
    changes: {
      new_issue: renderIssue(organisation.urls, moved),
      new_repository: renderRepository(organisation.urls, target),
    },
  });
  emitConversation(organisation, moved, "opened", by, {
    changes: {
      old_issue: renderIssue(organisation.urls, old),
      old_repository: renderRepository(organisation.urls, old.repository),
    },
  });
  return moved;
}
