import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { IssueCommentFact, IssueFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import type { FactScope } from "./scope.js";
import type { Stored } from "./upsert.js";

/** Waits for a transaction that is deleting the issue, and blocks a later one. */
const DELETED_PARENTS = `
SELECT i.repository_id::text AS repository_id, i.number, i.deleted_at IS NOT NULL AS deleted
FROM issues i JOIN json_to_recordset($1::json) AS c(repository_id bigint, issue_number int)
  ON i.repository_id = c.repository_id AND i.number = c.issue_number
ORDER BY i.id FOR SHARE OF i`;

const BURY = `
UPDATE issue_comments c SET deleted_at = $2
FROM json_to_recordset($1::json) AS i(repository_id bigint, number int)
WHERE c.repository_id = i.repository_id AND c.issue_number = i.number AND c.deleted_at IS NULL`;

/** Removes the links to pull requests that would have closed it; the pull requests' versions do not change. */
const UNLINK = "DELETE FROM linked_issues WHERE issue_id = ANY($1::bigint[])";

const Parent = z.object({ repository_id: z.string(), number: z.number(), deleted: z.boolean() });

/** A deleted or transferred issue takes its comments and links with it; GitHub sends no deliveries for them. */
export async function markCommentsDeleted(
  sql: Sql,
  issues: readonly Stored<IssueFact>[],
  scope: FactScope,
): Promise<void> {
  const gone = issues.filter(({ fact, result }) => fact.deleted && (result === "inserted" || result === "updated"));
  if (gone.length === 0) return;
  const parents = gone.map(({ fact }) => ({ repository_id: fact.row.repository_id, number: fact.row.number }));
  await sql.query(BURY, [storableJson(parents), scope.now], "facts-bury-comments");
  await sql.query(UNLINK, [gone.map(({ fact }) => fact.row.id)], "facts-unlink-issues");
}

/** Comments of an already deleted issue are stored as deleted. */
export async function buriedComments(
  sql: Sql,
  comments: readonly IssueCommentFact[],
): Promise<readonly IssueCommentFact[]> {
  if (comments.length === 0) return comments;
  const parents = comments.map(({ row }) => ({ repository_id: row.repository_id, issue_number: row.issue_number }));
  const rows = await sql.query(DELETED_PARENTS, [storableJson(parents)], "facts-deleted-parents");
  const deleted = new Set(
    rows
      .map((row) => Parent.parse(row))
      .filter((row) => row.deleted)
      .map((row) => `${row.repository_id}#${row.number}`),
  );
  if (deleted.size === 0) return comments;
  return comments.map((fact) =>
    deleted.has(`${fact.row.repository_id}#${fact.row.issue_number}`) ? { ...fact, deleted: true } : fact,
  );
}
