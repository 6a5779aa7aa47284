import { z } from "zod";
import type { Sql } from "../store.js";

const number = z.coerce.number();
const Row = z.object({
  id: number,
  full_name: z.string(),
  at: z.date(),
  observed_at: z.date().nullable(),
  pushed_at: z.date().nullable(),
  pull_requests: number,
  issues: number,
  deployments: number,
  releases: number,
});
/** The stored state of a repository, in the form that a survey of GitHub compares. */
export type StoredActivity = z.infer<typeof Row>;

const LIVE = (table: string): string =>
  `(SELECT count(*) FROM ${table} t WHERE t.repository_id = r.id AND t.deleted_at IS NULL) AS ${table}`;

/** Of those repositories that the installation can access. */
export async function storedActivity(
  sql: Sql,
  installationId: bigint,
  repositoryIds: readonly number[],
): Promise<ReadonlyMap<number, StoredActivity>> {
  const rows = await sql.query(
    `SELECT r.id::text AS id, r.full_name, r.updated_at AS at, r.observed_at, r.pushed_at, ${["pull_requests", "issues", "deployments", "releases"].map(LIVE).join(", ")}
     FROM repositories r WHERE r.installation_id = $1 AND r.id = ANY($2::bigint[]) AND r.deleted_at IS NULL
       AND r.access_removed_at IS NULL`,
    [installationId, repositoryIds],
    "sync-stored-activity",
  );
  return new Map(rows.map((row) => Row.parse(row)).map((row) => [row.id, row]));
}

const Marked = z.object({ repository_id: number, mark: z.string() });

/** The head of each repository's default branch up to which every commit is stored. */
export async function storedHeads(
  sql: Sql,
  installationId: bigint,
  repositoryIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await sql.query(
    `SELECT DISTINCT ON (repository_id) repository_id::text AS repository_id, mark FROM sync_cursors
     WHERE installation_id = $1 AND repository_id = ANY($2::bigint[]) AND entity = 'commits' AND mark IS NOT NULL
     ORDER BY repository_id, watermark DESC`,
    [installationId, repositoryIds],
  );
  return new Map(rows.map((row) => Marked.parse(row)).map(({ repository_id, mark }) => [repository_id, mark]));
}

const Conversation = z.object({ node_id: z.string(), number: z.int(), comments: number });
export type CommentedConversation = z.infer<typeof Conversation>;

/** Conversations of a repository that changed since, with their numbers of stored comments. */
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
