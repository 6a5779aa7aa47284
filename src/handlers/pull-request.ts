import { PullRequestBody, pullRequestFacts } from "../facts/pull-request.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({ pull_request: PullRequestBody });

export const pullRequest = defineHandler({
  on: "pull_request",
  actions: [
    "assigned",
    "auto_merge_disabled",
    "auto_merge_enabled",
    "closed",
    "converted_to_draft",
    "demilestoned",
    "dequeued",
    "edited",
    "enqueued",
    "labeled",
    "locked",
    "milestoned",
    "opened",
    "ready_for_review",
    "reopened",
    "review_request_removed",
    "review_requested",
    "synchronize",
    "unassigned",
    "unlabeled",
    "unlocked",
  ],
  payload: Payload,
  subject: ({ pull_request }) => `pull_request:${pull_request.number}`,
  skipWhen: [],
  facts: (payload) => [
    ...surroundings(payload, payload.pull_request.updated_at),
    ...pullRequestFacts(payload.pull_request, scopeOf(payload)),
  ],
  jobs({ action, repository, pull_request }) {
    const payload = { repositoryId: repository.id, number: pull_request.number };
    return action === "closed" && pull_request.merged_at !== null ? [{ name: "notify-merged", payload }] : [];
  },
});
