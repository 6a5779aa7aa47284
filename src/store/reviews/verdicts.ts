import { z } from "zod";
import type { Sql } from "../store.js";

/** The decision of the newest review of an open pull request with this head. */
export interface HeadVerdict {
  readonly number: number;
  readonly run: bigint;
  /** The stored decision, as JSON. */
  readonly decision: unknown;
}

const Row = z
  .object({ number: z.number(), run: z.coerce.bigint(), decision: z.unknown(), shadow: z.boolean() })
  .transform(({ shadow, ...verdict }) => ({ shadow, verdict }));

/**
 * One verdict for each open pull request whose head is this commit and whose newest decision has a check of this name.
 * Reviews in shadow mode do not count.
 */
export async function verdictsAt(
  sql: Sql,
  scope: { readonly installationId: bigint; readonly repositoryId: bigint; readonly agent: string },
  sha: string,
  checkName: string,
): Promise<readonly HeadVerdict[]> {
  const check = JSON.stringify([{ kind: "check-run", name: checkName }]);
  const rows = await sql.query(
    `SELECT p.number, v.run, v.decision, v.shadow FROM pull_requests p CROSS JOIN LATERAL (
       SELECT r.id::text AS run, r.decision, r.shadow FROM agent_runs r
       WHERE r.repository_id = p.repository_id AND r.agent = $3 AND r.subject = 'pull_request:' || p.number
         AND r.head_sha = p.head_sha AND r.status IN ('decided', 'done') AND r.decision->'effects' @> $5::jsonb
       ORDER BY r.id DESC LIMIT 1) v
     WHERE p.installation_id = $1 AND p.repository_id = $2 AND p.head_sha = $4 AND p.state = 'open' AND p.deleted_at IS NULL
     ORDER BY p.number`,
    [scope.installationId, scope.repositoryId, scope.agent, sha, check],
  );
  return rows.map((row) => Row.parse(row)).flatMap(({ shadow, verdict }) => (shadow ? [] : [verdict]));
}
