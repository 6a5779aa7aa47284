import type { EffectOf } from "./effect.js";
import { GoneError } from "../errors.js";
import { inRepository, sinceOf, type Attempt, type Performed } from "./attempt.js";
import { findWritten } from "./find.js";
import { hasIntent, stamp } from "./marker.js";
import { writtenOf } from "./written.js";

/** The App's one comment of the slot: found and updated to this body, or written (again, if a person deleted it). */
export async function ensureComment(effect: EffectOf<"comment">, attempt: Attempt): Promise<Performed> {
  const where = { ...inRepository(effect), issue_number: effect.issue };
  const found =
    attempt.unsureSince &&
    (await findWritten(attempt, "GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...where,
      since: sinceOf(attempt.unsureSince),
    }));
  if (found && hasIntent(found.body, attempt)) {
    return { change: "unchanged", adopted: true, githubId: found.id, url: found.html_url ?? null };
  }
  const body = stamp(effect.body, attempt);
  const existing = found?.id ?? attempt.standing?.githubId;
  const updated = existing ? await update(effect, attempt, existing, body) : null;
  if (updated) return updated;
  const answer = await attempt.github.rest("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...where,
    body,
  });
  return { change: "created", adopted: false, ...writtenOf(answer) };
}

async function update(
  effect: EffectOf<"comment">,
  attempt: Attempt,
  id: string,
  body: string,
): Promise<Performed | null> {
  try {
    const answer = await attempt.github.rest("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...inRepository(effect),
      comment_id: id,
      body,
    });
    return { change: "updated", adopted: false, ...writtenOf(answer) };
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
