import { account, newId, register, seconds, type Organisation } from "../organisation.js";
import type { Account } from "../account.js";
import type { Review, ReviewState } from "../conversation.js";
import { renderReview } from "../../render/comment.js";
import { renderSimplePull } from "../../render/pull.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, pullNumbered, touch, type By, type OnNumber } from "./find.js";
import { addReviewComment, type LineComment } from "./review-comments.js";

function emitReview(
  organisation: Organisation,
  review: Review,
  action: string,
  sender: Account,
  extra: { readonly [key: string]: unknown } = {},
): void {
  if (organisation.silent) return;
  const body = renderReview(organisation, review);
  emit(organisation, {
    event: "pull_request_review",
    action,
    repository: review.pull.repository,
    sender,
    body: {
      ...extra,
      review: { ...body, body: body.body === "" ? null : body.body, state: body.state.toLowerCase() },
      pull_request: renderSimplePull(organisation.urls, review.pull),
    },
  });
}

export interface SubmitReview extends OnNumber {
  readonly state: Exclude<ReviewState, "DISMISSED">;
  readonly body?: string;
  readonly author?: string;
  /** The commit that was read; default the head. */
  readonly commit?: string;
  readonly comments?: readonly LineComment[];
}

/** Submits a review with its line comments. It raises the pull request's `updated_at` and settles the request to review. */
export function submitReview(organisation: Organisation, input: SubmitReview): Review {
  const pull = pullNumbered(organisation, input);
  const by = actor(organisation, input);
  const now = seconds(organisation);
  const author = input.author === undefined ? by : account(organisation, input.author);
  const review: Review = {
    kind: "review",
    id: newId(organisation),
    pull,
    author,
    body: input.body ?? "",
    state: input.state,
    minimized: null,
    commitSha: input.commit ?? pull.headSha,
    submittedAt: now,
    updatedAt: now,
  };
  pull.reviews = [...pull.reviews, register(organisation, review)];
  pull.requestedReviewers = pull.requestedReviewers.filter((each) => each !== author);
  touch(organisation, pull);
  emitReview(organisation, review, "submitted", by);
  for (const comment of input.comments ?? []) addReviewComment(organisation, review, comment, by);
  return review;
}

export interface OnReview extends By {
  /** Id of the review. */
  readonly review: number;
}

export function reviewOf(organisation: Organisation, id: number): Review {
  const found = organisation.nodes.get(id);
  if (found?.kind !== "review") throw new ChangeRefused(404, `no review ${id}`);
  return found;
}

export interface EditReview extends OnReview {
  readonly body: string;
}

export function editReview(organisation: Organisation, input: EditReview): Review {
  const review = reviewOf(organisation, input.review);
  if (review.body === input.body) return review;
  const changes = { body: { from: review.body } };
  review.body = input.body;
  review.updatedAt = Math.max(review.updatedAt, seconds(organisation));
  touch(organisation, review.pull);
  emitReview(organisation, review, "edited", actor(organisation, input), { changes });
  return review;
}

export function dismissReview(organisation: Organisation, input: OnReview): Review {
  const review = reviewOf(organisation, input.review);
  if (review.state === "DISMISSED") return review;
  if (review.state === "COMMENTED") throw new ChangeRefused(422, "Can not dismiss a commented pull request review");
  review.state = "DISMISSED";
  review.updatedAt = Math.max(review.updatedAt, seconds(organisation));
  touch(organisation, review.pull);
  emitReview(organisation, review, "dismissed", actor(organisation, input));
  return review;
}
