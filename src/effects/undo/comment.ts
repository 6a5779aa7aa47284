import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Attempt } from "../attempt.js";
import { isOurs } from "../author.js";
import { MINIMISE_COMMENT } from "../conversation.js";
import { isAsStamped, stamp } from "../marker.js";
import { already, type Inversion, leave, type TakenBack } from "./inversion.js";

const Comment = z.object({ node_id: z.string(), body: z.string().nullish(), created_at: z.string() });
const Others = z.array(z.object({ id: z.coerce.bigint(), user: z.object({ type: z.string() }).nullish() })).catch([]);

/**
 * Deletes the App's comment, or restores its earlier text. If a person commented after it, it is folded instead, so
 * that their answer stays understandable.
 */
export async function invertComment(given: TakenBack<"comment">, attempt: Attempt): Promise<Inversion> {
  const { where, last, before, since } = given;
  if (since.length > 0) return leave("the comment: a later effect of the app replaced its text");
  const id = last.row.githubId;
  if (id === null) return leave("the comment: its id is not known");
  const found = await readOurs(id, where, attempt);
  if (found === null) return already("the comment: it is deleted already");
  if (!isOurs(found, await attempt.identity())) return leave("the comment: it is not by the app");
  const comment = Comment.parse(found);
  const { intent } = last.row;
  if (!isAsStamped(comment.body, last.effect.body, { intent, target: attempt.target }))
    return leave("the comment: a person edited it since");
  const address = { ...where, comment_id: id };
  if (before !== null) {
    const body = stamp(before.effect.body, { ...attempt, intent: before.row.intent });
    const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
    return { acts: [{ route, parameters: { ...address, body } }], left: [], restored: id };
  }
  if (await isAnswered(BigInt(id), last.effect.issue, { where, since: comment.created_at }, attempt)) {
    const variables = { subject: comment.node_id, classifier: "OUTDATED" };
    return { acts: [{ mutation: MINIMISE_COMMENT, variables }], left: [] };
  }
  const route = "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}";
  return { acts: [{ route, parameters: address }], left: [] };
}

async function readOurs(id: string, where: TakenBack["where"], { github }: Attempt): Promise<unknown> {
  try {
    const route = "GET /repos/{owner}/{repo}/issues/comments/{comment_id}";
    return (await github.rest(route, { ...where, comment_id: id })).data;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}

/** Whether a person commented after the App's comment. */
async function isAnswered(
  id: bigint,
  issue: number,
  { where, since }: { readonly where: TakenBack["where"]; readonly since: string },
  attempt: Attempt,
): Promise<boolean> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  for await (const page of attempt.github.pages(route, { ...where, issue_number: issue, since }))
    if (Others.parse(page).some((other) => other.id > id && other.user?.type !== "Bot")) return true;
  return false;
}
