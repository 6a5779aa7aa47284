import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { mayAct } from "../../domain.js";
import { readRole } from "../../github/review/role.js";
import type { Objection } from "./known-findings.js";

/** A limit, so that many accounts cannot cause many requests. The reactions of the other people are ignored. */
const MOST_ASKED = 20;

/**
 * The people who may dismiss a finding: role triage or higher, read from GitHub now. Anyone with read access can react,
 * and an author can resolve threads on their own change.
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
