import type { Account } from "../account.js";
import { type Issue, type PullRequest, RECORDED_EVENTS } from "../conversation.js";
import { type Organisation, seconds } from "../organisation.js";
import { renderIssue } from "../../render/issue.js";
import { renderPull } from "../../render/pull.js";
import { emit } from "./emit.js";

const RECORDED: ReadonlySet<string> = new Set(RECORDED_EVENTS);

/** Sends the `pull_request` or `issues` event of a change to the conversation, and records it in the timeline. */
export function emitConversation(
  organisation: Organisation,
  on: Issue | PullRequest,
  action: string,
  sender: Account,
  extra: { readonly [key: string]: unknown } = {},
): void {
  if (RECORDED.has(action)) {
    const [id, createdAt] = [on.id * 10_000 + on.events.length, seconds(organisation)];
    on.events = [...on.events, { id, event: action, actor: sender, createdAt, about: extra }];
  }
  if (organisation.silent) return;
  const { repository } = on;
  const body =
    on.kind === "pull"
      ? { number: on.number, pull_request: renderPull(organisation.urls, on), ...extra }
      : { issue: renderIssue(organisation.urls, on), ...extra };
  emit(organisation, { event: on.kind === "pull" ? "pull_request" : "issues", action, repository, sender, body });
}
