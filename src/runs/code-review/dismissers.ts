import { mayAct } from "../../domain.js";
import { readRole } from "../../github/review/role.js";
import { type Said, say } from "../../text/say.js";
import { readIfPossible } from "../failures.js";
import type { Run } from "../run.js";
import type { Objection } from "./known-findings.js";

/** A limit, so that many accounts cannot cause many requests. The reactions of the other people are ignored. */
const MOST_ASKED = 20;

/**
 * The people who may dismiss a finding: role triage or higher, read from GitHub now. Anyone with read access can react,
 * and an author can resolve threads on their own change. Logins in lower case: GitHub compares them without case.
 */
export async function dismissersAmong(
  objections: readonly Objection[],
  { client, repository: { ref }, context }: Pick<Run, "client" | "repository" | "context">,
  missing: Said[],
): Promise<ReadonlySet<string>> {
  const logins = [...new Set(objections.map(({ by }) => by.toLowerCase()))].slice(0, MOST_ASKED);
  const allowed = new Set<string>();
  for (const login of logins) {
    const without = (reason: string) => {
      missing.push(say`the role of ${login} could not be read, so nothing was dismissed by that account: ${reason}`);
      return "none" as const;
    };
    if (mayAct(await readIfPossible(context, () => readRole(client, ref, login), without), "triage"))
      allowed.add(login);
  }
  return allowed;
}
