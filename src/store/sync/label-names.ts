import type { Sql } from "../store.js";

/** Issues and pull requests with a label of the repository take the label's current name. */
export async function followLabelNames(sql: Sql, repositoryId: number): Promise<number> {
  let renamed = 0;
  for (const [links, parent, table] of [
    ["issue_labels", "issue_id", "issues"],
    ["pull_request_labels", "pull_request_id", "pull_requests"],
  ] as const) {
    const rows = await sql.query(
      `UPDATE ${links} t SET name = n.name FROM labels n, ${table} p
       WHERE n.repository_id = $1 AND n.id = t.label_id AND p.repository_id = $1 AND p.id = t.${parent}
         AND t.name <> n.name RETURNING 1`,
      [repositoryId],
    );
    renamed += rows.length;
  }
  return renamed;
}
