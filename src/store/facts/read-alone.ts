import type { Fact } from "../../facts/fact.js";
import type { Sql } from "../store.js";

/**
 * Marks conversations that were read without their reviews, links and comments. The read settles the row itself, but a
 * sync must still read the rest, because deliveries of those may have been lost.
 */
export async function noteReadAlone(sql: Sql, facts: readonly Fact[], at: Date): Promise<void> {
  for (const [entity, table] of [
    ["issue", "issues"],
    ["pull_request", "pull_requests"],
  ] as const) {
    const ids = facts.flatMap((fact) => (fact.entity === entity ? [fact.row.id] : []));
    if (ids.length > 0)
      await sql.query(`UPDATE ${table} SET alone_at = GREATEST(alone_at, $2) WHERE id = ANY($1::bigint[])`, [ids, at]);
  }
}
