import type { Account } from "../account.js";
import type { Issue, PullRequest } from "../conversation.js";
import type { Organisation } from "../organisation.js";
import { renderIssue } from "../../render/issue.js";
import { renderPull } from "../../render/pull.js";
import { emit } from "./emit.js";

/** Sends the `pull_request` or `issues` event of a change to the conversation. */
export function emitConversation(
  organisation: Organisation,
  on: Issue | PullRequest,
  action: string,
  sender: Account,
  extra: { readonly [key: string]: unknown } = {},
): void {
  if (organisation.silent) return;
  const { repository } = on;
  const body =
    on.kind === "pull"
      ? { number: on.number, pull_request: renderPull(organisation.urls, on), ...extra }
      : { issue: renderIssue(organisation.urls, on), ...extra };
  emit(organisation, { event: on.kind === "pull" ? "pull_request" : "issues", action, repository, sender, body });
}
