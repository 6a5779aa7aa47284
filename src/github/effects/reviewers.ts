import type { EffectOf } from "../../effect.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";

/** Asking somebody who is asked already changes nothing. */
export async function ensureReviewers(effect: EffectOf<"request-reviewers">, attempt: Attempt): Promise<Performed> {
  if (effect.users.length + effect.teams.length === 0) return { skipped: "there is nobody to ask" };
  await attempt.github.rest("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
    ...inRepository(effect),
    pull_number: effect.issue,
    reviewers: effect.users,
    team_reviewers: effect.teams,
  });
  return { change: "updated", adopted: false, githubId: null, url: null };
}
