import type { PushFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";

/** Whether commits of a recorded push are missing: its payload left them out, and no job has read them. */
export async function stillTruncated(sql: Sql, push: PushFact["row"]): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM pushes
     WHERE repository_id = $1 AND ref = $2 AND before = $3 AND after = $4 AND pushed_at = $5 AND truncated`,
    [push.repository_id, push.ref, push.before, push.after, push.pushed_at],
  );
  return rows.length > 0;
}
