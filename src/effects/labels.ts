import type { EffectOf } from "./effect.js";
import { GoneError } from "../errors.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";

/** Adds to or removes from sets, so repeating is harmless. */
export async function ensureLabels(effect: EffectOf<"labels">, attempt: Attempt): Promise<Performed> {
  const where = { ...inRepository(effect), issue_number: effect.issue };
  if (effect.add.length > 0) {
    await attempt.github.rest("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
      ...where,
      labels: effect.add,
    });
  }
  for (const name of effect.remove) {
    await attempt.github
      .rest("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", { ...where, name })
      .catch(ifNotGone);
  }
  return { change: "updated", adopted: false, githubId: null, url: null };
}

/** A missing label needs no removal. */
function ifNotGone(error: unknown): void {
  if (!(error instanceof GoneError)) throw error;
}
