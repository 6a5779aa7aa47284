import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({ repository_id: z.coerce.number(), number: z.number() });

/**
 * The open pull requests of these repositories whose head has no run of the agent, newest first. Drafts and pull
 * requests without changes since `since` are left out.
 */
export async function unreviewedPulls(
  sql: Sql,
  of: {
    readonly installationId: bigint;
    readonly repositories: readonly number[];
    readonly agent: string;
    readonly since: Date;
    readonly most: number;
  },
): Promise<readonly { readonly repositoryId: number; readonly number: number }[]> {
  const rows = await sql.query(
    `SELECT p.repository_id::text, p.number FROM pull_requests p JOIN repositories r ON r.id = p.repository_id
     WHERE p.installation_id = $1 AND p.state = 'open' AND NOT p.draft AND p.deleted_at IS NULL AND p.updated_at >= $3
       AND p.repository_id = ANY($5) AND NOT r.archived
       AND NOT EXISTS (SELECT FROM agent_runs a WHERE a.repository_id = p.repository_id AND a.agent = $2
         AND a.number = p.number AND a.head_sha = p.head_sha AND a.status IN ('done', 'decided'))
     ORDER BY p.updated_at DESC, p.id DESC LIMIT $4`,
    [of.installationId, of.agent, of.since, of.most, of.repositories],
  );
  return rows
    .map((row) => Row.parse(row))
    .map(({ repository_id, number }) => ({ repositoryId: repository_id, number }));
}
