import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { mayAct, readRole } from "../../github/review/role.js";
import type { Objection } from "./known-findings.js";

/** Somebody with many accounts must not make many requests of ours. Who is not asked about dismisses nothing. */
const MOST_ASKED = 20;

/**
 * Who of them may dismiss a finding: those with the role triage or more, as GitHub has it now. Anybody who can read a
 * repository can react in it, and an author can resolve what is said to his change.
 */
export async function dismissersAmong(
  objections: readonly Objection[],
  client: GitHubClient,
  repository: RepositoryRef,
): Promise<ReadonlySet<string>> {
  const logins = [...new Set(objections.map(({ by }) => by))].slice(0, MOST_ASKED);
  const allowed = new Set<string>();
  for (const login of logins) if (mayAct(await readRole(client, repository, login), "triage")) allowed.add(login);
  return allowed;
}
