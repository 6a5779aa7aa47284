import { z } from "zod";
import { GoneError } from "../../errors.js";
import { effectSchema } from "../effect.js";
import type { Attempt } from "../attempt.js";
import { isOurs } from "../author.js";
import { MINIMISE_COMMENT } from "../conversation.js";
import { isDone } from "../history.js";
import { isAsStamped } from "../marker.js";
import { type Act, already, type Inversion, leave, type TakenBack } from "./inversion.js";

const Review = z.object({ node_id: z.string(), state: z.string(), body: z.string().nullish() });
const Comments = z
  .array(
    z.object({
      id: z.coerce.string(),
      node_id: z.string(),
      body: z.string(),
      pull_request_review_id: z.coerce.string().nullish(),
      in_reply_to_id: z.coerce.string().nullish(),
      user: z.object({ type: z.string() }).nullish(),
    }),
  )
  .catch([]);
type Comment = z.output<typeof Comments>[number];

/**
 * A review that decides is dismissed; GitHub cannot dismiss one that only comments, so that its text and its comments are
 * folded away as outdated. Comments that people answered or edited stay.
 */
export async function invertReview(given: TakenBack<"review">, attempt: Attempt): Promise<Inversion> {
  const { where, last, only } = given;
  const id = last.row.githubId;
  if (id === null) return leave("the review: its id is not known");
  const pull = { ...where, pull_number: last.effect.issue };
  const found = await readReview({ ...pull, review_id: id }, attempt);
  if (found === null) return already("the review: it is gone");
  if (!isOurs(found, await attempt.identity())) return leave("the review: it is not by the app");
  const review = Review.parse(found);
  const comments = await commentsOf(pull, attempt);
  const answered = new Set(
    comments.flatMap(({ user, in_reply_to_id: to }) => (user?.type === "Bot" || !to ? [] : [to])),
  );
  const ours = comments.filter(
    ({ pull_request_review_id: of, in_reply_to_id: to, body }) =>
      of === id && !to && (only?.some((part) => body.includes(part)) ?? true),
  );
  const acts: Act[] = [];
  const left: string[] = [];
  if (only === null) {
    if (review.state === "APPROVED" || review.state === "CHANGES_REQUESTED")
      acts.push({
        route: "PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals",
        parameters: { ...pull, review_id: id, message: "Taken back by an operator of the app." },
      });
    else if (review.state === "DISMISSED") left.push("the review: it is dismissed already");
    else if (isAsStamped(review.body, last.effect.body, { intent: last.row.intent, target: attempt.target }))
      acts.push(minimise(review.node_id));
    else left.push("the review's text: a person edited it since");
  }
  for (const comment of ours) {
    if (answered.has(comment.id)) left.push(`the comment ${comment.id}: a person answered it`);
    else if (await isOurText(comment, last.effect.comments, attempt)) acts.push(minimise(comment.node_id));
    else left.push(`the comment ${comment.id}: a person edited it since`);
  }
  if (acts.length === 0 && left.length === 0) left.push("the review: none of its comments is left");
  return { acts, left };
}

function minimise(subject: string): Act {
  return { mutation: MINIMISE_COMMENT, variables: { subject, classifier: "OUTDATED" } };
}

async function readReview(address: Readonly<Record<string, unknown>>, { github }: Attempt): Promise<unknown> {
  try {
    return (await github.rest("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}", address)).data;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}

async function commentsOf(pull: Readonly<Record<string, unknown>>, { github }: Attempt): Promise<readonly Comment[]> {
  const comments: Comment[] = [];
  for await (const page of github.pages("GET /repos/{owner}/{repo}/pulls/{pull_number}/comments", pull))
    comments.push(...Comments.parse(page));
  return comments;
}

/** Whether the text is one that the review, or a later effect on this comment, gave it. */
async function isOurText(
  { node_id: node, body }: Comment,
  written: readonly { readonly body: string }[],
  attempt: Attempt,
): Promise<boolean> {
  if (written.some((each) => same(each.body, body))) return true;
  const later = (await attempt.onTarget(`review-comment:${node}`)).findLast(isDone);
  const effect = effectSchema.safeParse(later?.request).data;
  return effect?.kind === "review-comment" && same(effect.body, body);
}

function same(a: string, b: string): boolean {
  return a.replaceAll("\r\n", "\n").trim() === b.replaceAll("\r\n", "\n").trim();
}
