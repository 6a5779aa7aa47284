import type { Sql } from "../store.js";

/** Records that all commits of a push are stored. */
export async function completePush(
  sql: Sql,
  push: {
    readonly repositoryId: number;
    readonly ref: string;
    readonly before: string;
    readonly after: string;
    readonly pushedAt: string;
  },
  commits: number,
): Promise<void> {
  await sql.query(
    `UPDATE pushes SET truncated = false, commit_count = GREATEST(commit_count, $6)
     WHERE repository_id = $1 AND ref = $2 AND before = $3 AND after = $4 AND pushed_at = $5`,
    [push.repositoryId, push.ref, push.before, push.after, push.pushedAt, commits],
  );
}
