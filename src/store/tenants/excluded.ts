import { z } from "zod";
import { accessibleRepositories } from "../repositories/find-repository.js";
import type { Sql } from "../store.js";
import { deniedReason } from "./denied-reason.js";
import { findTenant } from "./tenant.js";

const Row = z.object({
  full_name: z.string(),
  allow_repositories: z.array(z.string()),
  deny_repositories: z.array(z.string()),
});

/** Why the lists of the repository's installation exclude it now; null: they do not. */
export async function excludedReason(sql: Sql, repositoryId: bigint | number): Promise<string | null> {
  const [found] = await sql.query(
    `SELECT r.full_name, i.allow_repositories, i.deny_repositories
     FROM repositories r JOIN installations i ON i.id = r.installation_id WHERE r.id = $1`,
    [repositoryId],
    "excluded",
  );
  if (found === undefined) return null;
  const row = Row.parse(found);
  return deniedReason(row.full_name, row);
}

/** The ids of an installation's repositories that are not excluded now. */
export async function repositoriesWorkedOn(sql: Sql, installationId: bigint): Promise<readonly number[]> {
  const { installation } = await findTenant(sql, Number(installationId), null);
  if (!installation) return [];
  const seen = await accessibleRepositories(sql, installationId);
  return seen.flatMap(({ id, full_name }) => (deniedReason(full_name, installation) === null ? [id] : []));
}
