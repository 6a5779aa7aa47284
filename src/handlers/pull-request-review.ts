import { PullRequestBody, pullRequestFacts } from "../facts/pull-request.js";
import { ReviewBody, reviewFacts } from "../facts/review.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({ pull_request: PullRequestBody, review: ReviewBody });

const DECISIONS: ReadonlySet<string> = new Set(["approved", "changes_requested"]);

export const pullRequestReview = defineHandler({
  on: "pull_request_review",
  actions: ["dismissed", "edited", "submitted"],
  payload: Payload,
  subject: ({ pull_request }) => `pull_request:${pull_request.number}`,
  skipWhen: [
    {
      id: "comment-only",
      reason: "the review neither approves nor requests changes",
      applies: ({ action, review }) => action === "submitted" && !DECISIONS.has(review.state),
    },
  ],
  facts(payload) {
    const { pull_request: pull, review } = payload;
    const scope = scopeOf(payload);
    return [
      ...surroundings(payload, pull.updated_at),
      ...pullRequestFacts(pull, scope),
      ...reviewFacts(review, { id: pull.id, number: pull.number, updatedAt: pull.updated_at }, scope),
    ];
  },
  jobs({ action, repository, pull_request, review }) {
    if (action !== "submitted") return [];
    const payload = { repositoryId: repository.id, number: pull_request.number, reviewId: review.id };
    return [{ name: "notify-review", payload }];
  },
});
