import { z } from "zod";
import type { Sql } from "../store.js";

export interface Feedback {
  readonly kind: "ignore" | "resolved" | "thumbs-down";
  /** The rule for `ignore`, else the finding's fingerprint. */
  readonly reference: string;
  readonly rule: string;
  readonly by: string | null;
  readonly commentId?: bigint | null;
}

export interface FeedbackScope {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
}

/** Records people's reactions; repeating changes nothing. */
export async function recordFeedback(
  sql: Sql,
  scope: FeedbackScope,
  said: readonly Feedback[],
  now: Date,
): Promise<void> {
  for (const { kind, reference, rule, by, commentId = null } of said)
    await sql.query(
      `INSERT INTO finding_feedback (installation_id, repository_id, number, kind, reference, rule, by_login, comment_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (repository_id, number, kind, reference) DO NOTHING`,
      [scope.installationId, scope.repositoryId, scope.number, kind, reference, rule, by, commentId, now],
    );
}

/** Rules that `/ignore` switched off in the pull request. */
export async function ignoredRules(sql: Sql, scope: FeedbackScope): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `SELECT rule FROM finding_feedback
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND kind = 'ignore'`,
    [scope.installationId, scope.repositoryId, scope.number],
  );
  return new Set(rows.map((row) => z.string().parse(row["rule"])));
}
