import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({
  installation_id: z.coerce.bigint(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(["open", "closed"]),
  draft: z.boolean(),
  author_login: z.string().nullable(),
  head_sha: z.string(),
  head_repository_id: z.coerce.bigint().nullable(),
  base_ref: z.string(),
  labels: z.array(z.string()),
  involved: z.array(z.string()),
  author_earlier: z.coerce.number(),
  permissions: z.record(z.string(), z.string()).catch({}),
});

/** A stored pull request, for a review. */
export type StoredPullRequest = z.output<typeof Row>;

const SELECT = `
  SELECT p.installation_id::text, p.number, p.title, p.body, p.state, p.draft, p.author_login, p.head_sha,
    p.head_repository_id::text, p.base_ref, i.permissions,
    ARRAY(SELECT l.name FROM pull_request_labels l WHERE l.pull_request_id = p.id ORDER BY l.name) AS labels,
    ARRAY(SELECT q.reviewer_name FROM review_requests q WHERE q.pull_request_id = p.id
      UNION SELECT v.author_login FROM reviews v JOIN users u ON u.id = v.author_id
        WHERE v.pull_request_id = p.id AND v.deleted_at IS NULL AND u.type <> 'Bot'
          AND v.author_login IS DISTINCT FROM p.author_login AND v.author_login IS NOT NULL ORDER BY 1) AS involved,
    (SELECT count(*) FROM pull_requests m WHERE m.repository_id = p.repository_id AND m.number < p.number
      AND m.author_id = p.author_id) AS author_earlier
  FROM pull_requests p JOIN installations i ON i.id = p.installation_id
  WHERE p.installation_id = $1 AND p.repository_id = $2 AND p.number = $3 AND p.deleted_at IS NULL`;

/** Null: not stored, or deleted. */
export async function findPullRequest(
  sql: Sql,
  installationId: bigint,
  repositoryId: bigint,
  number: number,
): Promise<StoredPullRequest | null> {
  const [row] = await sql.query(SELECT, [installationId, repositoryId, number]);
  return row ? Row.parse(row) : null;
}

/** The stored head; null: not stored, or the pull request is closed. */
export async function headOf(
  sql: Sql,
  installationId: bigint,
  repositoryId: bigint,
  number: number,
): Promise<string | null> {
  const [row] = await sql.query(
    `SELECT head_sha FROM pull_requests
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND deleted_at IS NULL AND state = 'open'`,
    [installationId, repositoryId, number],
  );
  return row ? z.string().parse(row["head_sha"]) : null;
}

/** The open pull requests with this head. */
export async function numbersWithHead(
  sql: Sql,
  installationId: bigint,
  repositoryId: bigint,
  sha: string,
): Promise<readonly number[]> {
  const rows = await sql.query(
    `SELECT number FROM pull_requests
     WHERE installation_id = $1 AND repository_id = $2 AND head_sha = $3 AND deleted_at IS NULL AND state = 'open'
     ORDER BY number`,
    [installationId, repositoryId, sha],
  );
  return rows.map((row) => z.number().parse(row["number"]));
}

/** Requested reviews without an answer in this installation, by login. */
export async function openReviews(sql: Sql, installationId: bigint): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query(
    `SELECT lower(q.reviewer_name) AS reviewer_name, count(*)::int AS count FROM review_requests q
     JOIN pull_requests p ON p.id = q.pull_request_id
     WHERE q.installation_id = $1 AND q.reviewer_type = 'user' AND p.state = 'open' AND p.deleted_at IS NULL
     GROUP BY 1`,
    [installationId],
  );
  return new Map(rows.map((row) => [z.string().parse(row["reviewer_name"]), z.number().parse(row["count"])]));
}
