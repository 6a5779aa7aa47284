import { z } from "zod";
import type { CheckState } from "../../agents/deployment/gates.js";
import type { RepositoryRef } from "../../domain.js";
import { kindOf } from "../../errors.js";
import type { GitHubClient } from "../client.js";

const CheckRuns = z.object({
  check_runs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullish() })),
});
const Statuses = z.object({ statuses: z.array(z.object({ context: z.string(), state: z.string() })) });
const Rules = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({ required_status_checks: z.array(z.object({ context: z.string() })).catch([]) })
      .optional()
      .catch(undefined),
  }),
);

/** Conclusions that GitHub takes as passed where a check is required. */
const PASSED: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

/** Checks and commit statuses of a commit by name, the worst of each name. Null: they may not be read. */
export async function readChecks(
  client: GitHubClient,
  { owner, name: repo }: RepositoryRef,
  sha: string,
): Promise<readonly CheckState[] | null> {
  const where = { owner, repo, ref: sha };
  return readable(async () => {
    const states = new Map<string, CheckState["state"]>();
    const add = (name: string, state: CheckState["state"]) => {
      const known = states.get(name);
      if (known === undefined || ORDER.indexOf(state) < ORDER.indexOf(known)) states.set(name, state);
    };
    for await (const page of client.pages("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", where))
      for (const run of CheckRuns.parse(page).check_runs) add(run.name, stateOf(run.status, run.conclusion ?? null));
    for await (const page of client.pages("GET /repos/{owner}/{repo}/commits/{ref}/status", where))
      for (const { context, state } of Statuses.parse(page).statuses)
        add(context, state === "success" ? "passed" : state === "pending" ? "pending" : "failed");
    return [...states].map(([name, state]) => ({ name, state }));
  });
}

const ORDER = ["failed", "pending", "passed"];

function stateOf(status: string, conclusion: string | null): CheckState["state"] {
  if (status !== "completed") return "pending";
  return conclusion !== null && PASSED.has(conclusion) ? "passed" : "failed";
}

/** Checks that the rules of the default branch require. Classic branch protection is not among them. Null: not known. */
export async function requiredChecks(
  client: GitHubClient,
  {
    ref: { owner, name },
    defaultBranch: branch,
  }: { readonly ref: RepositoryRef; readonly defaultBranch: string | null },
): Promise<readonly string[] | null> {
  if (branch === null) return null;
  return readable(async () => {
    const contexts = new Set<string>();
    const where = { owner, repo: name, branch };
    for await (const page of client.pages("GET /repos/{owner}/{repo}/rules/branches/{branch}", where))
      for (const rule of Rules.parse(page))
        if (rule.type === "required_status_checks")
          for (const { context } of rule.parameters?.required_status_checks ?? []) contexts.add(context);
    return [...contexts];
  });
}

/** Null: GitHub forbids it, or shows nothing. */
async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "forbidden" || kind === "gone" || kind === "invalid") return null;
    throw error;
  }
}
