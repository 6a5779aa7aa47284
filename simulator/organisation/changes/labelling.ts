import { account, type Organisation } from "../organisation.js";
import { renderLabel } from "../../render/conversation.js";
import { renderUser } from "../../render/user.js";
import { actor, ChangeRefused, conversationNumbered, labelNamed, touch, type OnNumber } from "./find.js";
import { emitConversation } from "./conversations.js";
import type { Issue, PullRequest } from "../conversation.js";

export interface LabelInput extends OnNumber {
  readonly label: string;
}

/** Puts a label on an issue or a pull request; nothing happens when it is there already. */
export function label(organisation: Organisation, input: LabelInput): Issue | PullRequest {
  const on = conversationNumbered(organisation, input);
  const added = labelNamed(organisation, on.repository, input.label);
  if (on.labels.includes(added)) return on;
  on.labels = [...on.labels, added];
  touch(organisation, on);
  emitConversation(organisation, on, "labeled", actor(organisation, input), {
    label: renderLabel(organisation.urls, on.repository, added),
  });
  return on;
}

export function unlabel(organisation: Organisation, input: LabelInput): Issue | PullRequest {
  const on = conversationNumbered(organisation, input);
  const removed = on.labels.find((each) => each.name.toLowerCase() === input.label.toLowerCase());
  if (removed === undefined) throw new ChangeRefused(404, "Label does not exist");
  on.labels = on.labels.filter((each) => each !== removed);
  touch(organisation, on);
  emitConversation(organisation, on, "unlabeled", actor(organisation, input), {
    label: renderLabel(organisation.urls, on.repository, removed),
  });
  return on;
}

export interface AssignInput extends OnNumber {
  readonly assignee: string;
}

export function assign(organisation: Organisation, input: AssignInput): Issue | PullRequest {
  const on = conversationNumbered(organisation, input);
  const assignee = account(organisation, input.assignee);
  if (on.assignees.includes(assignee)) return on;
  on.assignees = [...on.assignees, assignee];
  touch(organisation, on);
  emitConversation(organisation, on, "assigned", actor(organisation, input), {
    assignee: renderUser(organisation.urls, assignee),
  });
  return on;
}

export function unassign(organisation: Organisation, input: AssignInput): Issue | PullRequest {
  const on = conversationNumbered(organisation, input);
  const assignee = account(organisation, input.assignee);
  if (!on.assignees.includes(assignee)) return on;
  on.assignees = on.assignees.filter((each) => each !== assignee);
  touch(organisation, on);
  emitConversation(organisation, on, "unassigned", actor(organisation, input), {
    assignee: renderUser(organisation.urls, assignee),
  });
  return on;
}
