import type { EffectOf } from "./effect.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";
import { writtenOf } from "./written.js";

/** GitHub keeps one reaction of a kind for each user, so repeating is harmless: 201 the first time, 200 afterwards. */
export async function ensureReaction(effect: EffectOf<"reaction">, attempt: Attempt): Promise<Performed> {
  const body = { ...inRepository(effect), content: effect.content };
  const answer =
    effect.commentId === null
      ? await attempt.github.rest("POST /repos/{owner}/{repo}/issues/{issue_number}/reactions", {
          ...body,
          issue_number: effect.issue,
        })
      : await attempt.github.rest("POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", {
          ...body,
          comment_id: String(effect.commentId),
        });
  return { change: answer.status === 201 ? "created" : "unchanged", adopted: false, ...writtenOf(answer) };
}
