import { z } from "zod";
import { InvalidError, kindOf } from "../errors.js";
import { cut } from "../text/cut.js";
import { inRepository, type Attempt, type Performed } from "./attempt.js";
import type { EffectOf } from "./effect.js";
import { parse } from "./written.js";

const Payload = z.object({ companyos: z.object({ intent: z.string() }) });
const Deployment = z.object({
  id: z.coerce.string(),
  sha: z.string(),
  url: z.string(),
  // Others store a text there.
  payload: Payload.nullish().catch(null),
});
const Deployments = z.array(Deployment);

/** Characters. Source: GitHub's REST reference, 'Create a deployment'. */
const LONGEST_DESCRIPTION = 140;

/**
 * A new deployment of exactly this commit. GitHub would merge the default branch into it, and refuse it for any status
 * that is not green: both are switched off, the gates have decided.
 */
export async function createDeployment(effect: EffectOf<"deployment">, attempt: Attempt): Promise<Performed> {
  const { environment, sha, fence, by } = effect;
  const where = inRepository(effect);
  const found = attempt.unsureSince && (await find(effect, attempt));
  if (found) return { change: "unchanged", adopted: true, githubId: found.id, url: found.url };
  const answer = await attempt.github.rest("POST /repos/{owner}/{repo}/deployments", {
    ...where,
    ref: sha,
    task: "deploy",
    auto_merge: false,
    required_contexts: [],
    environment,
    description: cut(effect.description, LONGEST_DESCRIPTION),
    production_environment: effect.production,
    transient_environment: false,
    payload: { companyos: { intent: attempt.intent, fence: String(fence), by } },
  });
  const made = parse(Deployment, answer.data);
  if (made.sha !== sha) throw new InvalidError(`GitHub made a deployment of ${made.sha} where ${sha} was asked for`);
  const written = { change: "created", adopted: false, githubId: made.id, url: made.url } as const;
  const newest = await newestOf(effect, attempt);
  return newest === made.id ? written : { ...written, note: `deployment ${newest ?? "?"} of ${environment} is newer` };
}

/** The call has no condition: a deployment by another app at the same time is detected only afterwards. */
async function newestOf(effect: EffectOf<"deployment">, attempt: Attempt): Promise<string | null> {
  const parameters = { ...inRepository(effect), environment: effect.environment, per_page: 1 };
  const { data } = await attempt.github.rest("GET /repos/{owner}/{repo}/deployments", parameters);
  return parse(Deployments, data)[0]?.id ?? null;
}

async function find({ environment, sha, ...effect }: EffectOf<"deployment">, attempt: Attempt) {
  const parameters = { owner: effect.repository.owner, repo: effect.repository.name, environment, sha };
  for await (const page of attempt.github.pages("GET /repos/{owner}/{repo}/deployments", parameters)) {
    const ours = parse(Deployments, page).find(({ payload }) => payload?.companyos.intent === attempt.intent);
    if (ours) return ours;
  }
  return null;
}

/** Characters; longer ones are refused. */
const LONGEST_COMMENT = 4_000;

/** Answers the protection rule. A job that waits no more has been answered, or was cancelled. */
export async function reviewDeployment(effect: EffectOf<"deployment-review">, attempt: Attempt): Promise<Performed> {
  const answered = { githubId: String(effect.runId), url: null } as const;
  try {
    await attempt.github.rest("POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule", {
      ...inRepository(effect),
      run_id: String(effect.runId),
      environment_name: effect.environment,
      ...(effect.state !== null && { state: effect.state }),
      comment: cut(effect.comment, LONGEST_COMMENT),
    });
    return { change: "created", adopted: false, ...answered };
  } catch (error) {
    if (attempt.unsureSince === null || kindOf(error) !== "invalid") throw error;
    return { change: "unchanged", adopted: true, ...answered };
  }
}
