import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({ id: z.coerce.number() });

/**
 * Those of the given repositories whose stored name differs. The name decides whether a repository is excluded, so the
 * row follows a rename even to an excluded name.
 */
export async function renamedRepositories(
  sql: Sql,
  installationId: bigint,
  repositories: readonly { readonly id: number; readonly full_name: string }[],
): Promise<ReadonlySet<number>> {
  if (repositories.length === 0) return new Set();
  const rows = await sql.query(
    `SELECT r.id::text AS id FROM unnest($2::bigint[], $3::text[]) AS now(id, full_name)
     JOIN repositories r ON r.id = now.id
     WHERE r.installation_id = $1 AND r.deleted_at IS NULL AND r.full_name <> now.full_name`,
    [installationId, repositories.map(({ id }) => id), repositories.map(({ full_name }) => full_name)],
    "renamed-repositories",
  );
  return new Set(rows.map((row) => Row.parse(row).id));
}
