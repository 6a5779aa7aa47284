import type { Fact } from "../../facts/fact.js";
import type { Sql } from "../store.js";

/**
 * Notes that conversations are read without what belongs to them. Such a read settles what the row says, and a sync has
 * yet to read its reviews, links and comments: deliveries of those may have been lost.
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
