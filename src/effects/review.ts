import type { EffectOf } from "./effect.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";
import { findWritten } from "./find.js";
import { stamp } from "./marker.js";
import { writtenOf } from "./written.js";

/** The App's one review of a head. GitHub accepts or refuses it as a whole. */
export async function ensureReview(effect: EffectOf<"review">, attempt: Attempt): Promise<Performed> {
  if (attempt.standing) return { skipped: "this head already has a review by the app" };
  const where = { ...inRepository(effect), pull_number: effect.issue };
  const route = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews";
  const found = attempt.unsureSince && (await findWritten(attempt, `GET ${route}`, where));
  if (found) return { change: "unchanged", adopted: true, githubId: found.id, url: found.html_url ?? null };
  const answer = await attempt.github.rest(`POST ${route}`, {
    ...where,
    commit_id: effect.headSha,
    event: "COMMENT",
    body: stamp(effect.body, attempt),
    comments: effect.comments.map((comment) => ({
      path: comment.path,
      line: comment.line,
      side: "RIGHT",
      ...(comment.startLine !== undefined && { start_line: comment.startLine, start_side: "RIGHT" }),
      body: comment.body,
    })),
  });
  return { change: "created", adopted: false, ...writtenOf(answer) };
}
