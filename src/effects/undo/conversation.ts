import { z } from "zod";
import type { GraphqlDocument } from "../../github/graphql.js";
import type { Attempt } from "../attempt.js";
import { EDIT_REVIEW_COMMENT } from "../conversation.js";
import { eventsOf, reasonToLeave, standingOf } from "./events.js";
import { already, type Inversion, leave, type TakenBack } from "./inversion.js";

export const IS_MINIMISED: GraphqlDocument = {
  name: "IsMinimised",
  text: `query IsMinimised($node: ID!) { node(id: $node) { ... on Minimizable { isMinimized } } rateLimit { cost remaining resetAt } }`,
};

export const UNMINIMISE_COMMENT: GraphqlDocument = {
  name: "UnminimiseComment",
  text: `mutation UnminimiseComment($subject: ID!) {
  unminimizeComment(input: { subjectId: $subject }) { unminimizedComment { isMinimized } }
}`,
};

export const THREAD_STATE: GraphqlDocument = {
  name: "ThreadState",
  text: `query ThreadState($node: ID!) {
  node(id: $node) { ... on PullRequestReviewThread { isResolved resolvedBy { login } } } rateLimit { cost remaining resetAt }
}`,
};

export const UNRESOLVE_THREAD: GraphqlDocument = {
  name: "UnresolveThread",
  text: `mutation UnresolveThread($thread: ID!) {
  unresolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}`,
};

const Minimised = z.object({ node: z.object({ isMinimized: z.boolean().optional() }).nullable() });
const Thread = z.object({
  node: z
    .object({ isResolved: z.boolean().optional(), resolvedBy: z.object({ login: z.string() }).nullish() })
    .nullable(),
});

/** Shows a comment again that we folded away. GitHub does not say who folded it. */
export async function invertMinimise({ last }: TakenBack<"minimise-comment">, { github }: Attempt): Promise<Inversion> {
  const { nodeId } = last.effect;
  const { node } = (await github.query(IS_MINIMISED, { node: nodeId }, Minimised)).data;
  if (node === null) return leave("the comment: it is deleted");
  if (node.isMinimized !== true) return already("the comment: it is shown already");
  return { acts: [{ mutation: UNMINIMISE_COMMENT, variables: { subject: nodeId } }], left: [] };
}

/** Opens a thread again that we resolved. */
export async function invertResolve({ last }: TakenBack<"resolve-thread">, attempt: Attempt): Promise<Inversion> {
  const { threadId } = last.effect;
  const { node } = (await attempt.github.query(THREAD_STATE, { node: threadId }, Thread)).data;
  if (node === null) return leave("the thread: it is deleted");
  if (node.isResolved !== true) return already("the thread: it is open already");
  // GraphQL names the App without the `[bot]` of REST.
  const ours = (await attempt.identity()).login.toLowerCase();
  const by = node.resolvedBy?.login.toLowerCase() ?? null;
  if (by !== null && by !== ours && by !== ours.replace(/\[bot\]$/, ""))
    return leave(`the thread: ${node.resolvedBy?.login} resolved it since`);
  return { acts: [{ mutation: UNRESOLVE_THREAD, variables: { thread: threadId } }], left: [] };
}

/** Restores an earlier text of the App. The first text belongs to the review, and is undone with the review. */
export async function invertReviewComment(
  { before, since, last }: TakenBack<"review-comment">,
  _attempt: Attempt,
): Promise<Inversion> {
  if (since.length > 0) return leave("the review's comment: a later effect of the app replaced its text");
  if (before === null)
    return leave("the review's comment: the ledger does not hold its first text; take the review back");
  const variables = { comment: last.effect.nodeId, body: before.effect.body };
  return Promise.resolve({
    acts: [{ mutation: EDIT_REVIEW_COMMENT, variables }],
    left: [],
    restored: last.effect.nodeId,
  });
}

/** Withdraws the App's open review requests. A person who has reviewed keeps their review. */
export async function invertReviewers(given: TakenBack<"request-reviewers">, attempt: Attempt): Promise<Inversion> {
  const { where, done, last, since } = given;
  const pull_number = last.effect.issue;
  const kept = new Set(since.flatMap(({ effect }) => [...effect.users, ...effect.teams]));
  const events = await eventsOf(attempt, where, pull_number);
  const left: string[] = [];
  const open = async (names: readonly string[]) => {
    const ours: string[] = [];
    for (const name of new Set(names)) {
      const about = { on: "review_requested", off: "review_request_removed", about: name };
      const standing = await standingOf(events, about, attempt);
      const reason = kept.has(name) ? `${name}: a later effect of the app asks again` : reasonToLeave(standing, name);
      if (reason === null) ours.push(name);
      else left.push(reason);
    }
    return ours;
  };
  const reviewers = await open(done.flatMap(({ effect }) => effect.users));
  const team_reviewers = await open(done.flatMap(({ effect }) => effect.teams));
  if (reviewers.length + team_reviewers.length === 0) return leave(...left);
  const route = "DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";
  return { acts: [{ route, parameters: { ...where, pull_number, reviewers, team_reviewers } }], left };
}
