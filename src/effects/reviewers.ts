import type { EffectOf } from "./effect.js";
import { InvalidError, kindOf } from "../errors.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";

/**
 * Requesting an existing reviewer again changes nothing. GitHub refuses a whole request if one name is not a
 * collaborator; then each name is requested alone, and refused names are noted.
 * @throws InvalidError when every name is refused.
 */
export async function ensureReviewers(effect: EffectOf<"request-reviewers">, attempt: Attempt): Promise<Performed> {
  const { users, teams } = effect;
  const asked = { change: "updated", adopted: false, githubId: null, url: null } as const;
  if (users.length + teams.length === 0) return { skipped: "no reviewer left to request" };
  if (await wasTaken(effect, attempt, users, teams)) return asked;
  const refused: string[] = [];
  for (const user of users) if (!(await wasTaken(effect, attempt, [user], []))) refused.push(user);
  for (const team of teams) if (!(await wasTaken(effect, attempt, [], [team]))) refused.push(team);
  const note = `GitHub refuses review requests to ${refused.join(", ")}`;
  if (refused.length === users.length + teams.length) throw new InvalidError(note);
  return refused.length === 0 ? asked : { ...asked, note };
}

async function wasTaken(
  effect: EffectOf<"request-reviewers">,
  { github }: Attempt,
  reviewers: readonly string[],
  teams: readonly string[],
): Promise<boolean> {
  try {
    await github.rest("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
      ...inRepository(effect),
      pull_number: effect.issue,
      reviewers,
      team_reviewers: teams,
    });
    return true;
  } catch (error) {
    if (kindOf(error) === "invalid") return false;
    throw error;
  }
}
