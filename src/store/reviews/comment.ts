import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z
  .object({
    id: z.coerce.bigint(),
    body: z.string().nullable(),
    author_login: z.string().nullable(),
    type: z.string().nullable(),
    is_pull: z.boolean(),
    is_edited: z.boolean(),
  })
  .transform((row) => ({
    id: row.id,
    body: row.body ?? "",
    /** Null: the account was deleted. */
    author: row.author_login,
    isBot: row.type === "Bot",
    isPullRequest: row.is_pull,
    isEdited: row.is_edited,
  }));
/** A comment of a conversation, as stored. */
export type StoredComment = z.output<typeof Row>;

/** Null: it was deleted, or never stored. */
export async function findComment(sql: Sql, installationId: bigint, id: bigint): Promise<StoredComment | null> {
  const [row] = await sql.query(
    `SELECT c.id::text, c.body, c.author_login, u.type, c.updated_at > c.created_at AS is_edited,
       EXISTS (SELECT 1 FROM pull_requests p WHERE p.repository_id = c.repository_id AND p.number = c.issue_number) AS is_pull
     FROM issue_comments c LEFT JOIN users u ON u.id = c.author_id
     WHERE c.installation_id = $1 AND c.id = $2 AND c.deleted_at IS NULL`,
    [installationId, id],
  );
  return row ? Row.parse(row) : null;
}
