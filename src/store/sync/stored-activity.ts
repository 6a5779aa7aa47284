import { z } from "zod";
import type { Sql } from "../store.js";

const number = z.coerce.number();
const Row = z.object({
  id: number,
  full_name: z.string(),
  updated_at: z.date(),
  pushed_at: z.date().nullable(),
  pull_requests: number,
  issues: number,
  deployments: number,
  releases: number,
});
/** What is stored of a repository, as a survey of GitHub's compares it. */
export type StoredActivity = z.infer<typeof Row>;

const LIVE = (table: string): string =>
  `(SELECT count(*) FROM ${table} t WHERE t.repository_id = r.id AND t.deleted_at IS NULL) AS ${table}`;

/** Of those of the repositories that the installation sees. */
export async function storedActivity(
  sql: Sql,
  installationId: bigint,
  repositoryIds: readonly number[],
): Promise<ReadonlyMap<number, StoredActivity>> {
  const rows = await sql.query(
    `SELECT r.id::text AS id, r.full_name, r.updated_at, r.pushed_at, ${["pull_requests", "issues", "deployments", "releases"].map(LIVE).join(", ")}
     FROM repositories r WHERE r.installation_id = $1 AND r.id = ANY($2::bigint[]) AND r.deleted_at IS NULL
       AND r.access_removed_at IS NULL`,
    [installationId, repositoryIds],
    "sync-stored-activity",
  );
  return new Map(rows.map((row) => Row.parse(row)).map((row) => [row.id, row]));
}

const Known = z.object({ repository_id: number, sha: z.string() });

/** Those of the heads that are stored, as `repository sha`. */
export async function storedHeads(
  sql: Sql,
  heads: readonly { readonly repositoryId: number; readonly sha: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `SELECT c.repository_id::text AS repository_id, c.sha FROM commits c
     JOIN jsonb_to_recordset($1::jsonb) AS i(repository_id bigint, sha text)
       ON i.repository_id = c.repository_id AND i.sha = c.sha`,
    [JSON.stringify(heads.map(({ repositoryId, sha }) => ({ repository_id: repositoryId, sha })))],
  );
  return new Set(rows.map((row) => Known.parse(row)).map(({ repository_id, sha }) => `${repository_id} ${sha}`));
}

const Conversation = z.object({ node_id: z.string(), number: z.int(), comments: number });
export type CommentedConversation = z.infer<typeof Conversation>;

/** Conversations of a repository that changed since, with the comments that are stored of each. */
export async function changedConversations(
  sql: Sql,
  repositoryId: number,
  since: Date,
): Promise<readonly CommentedConversation[]> {
  const rows = await sql.query(
    `SELECT t.node_id, t.number, (SELECT count(*) FROM issue_comments c
        WHERE c.repository_id = $1 AND c.issue_number = t.number AND c.deleted_at IS NULL) AS comments
     FROM (SELECT repository_id, node_id, number, updated_at, deleted_at FROM issues
           UNION ALL SELECT repository_id, node_id, number, updated_at, deleted_at FROM pull_requests) t
     WHERE t.repository_id = $1 AND t.updated_at >= $2 AND t.deleted_at IS NULL AND t.node_id IS NOT NULL ORDER BY number`,
    [repositoryId, since],
  );
  return rows.map((row) => Conversation.parse(row));
}
