import { z } from "zod";
import type { Sql } from "../store.js";

export interface NewCommand {
  readonly commentId: bigint;
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly number: number;
  readonly name: string;
  readonly arguments: string;
  readonly by: string;
  readonly now: Date;
}

/** Keeps a command before anything comes of it; again: as it was. */
export async function recordCommand(sql: Sql, command: NewCommand): Promise<void> {
  await sql.query(
    `INSERT INTO commands (comment_id, installation_id, repository_id, number, name, arguments, by_login, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (comment_id) DO NOTHING`,
    [
      command.commentId,
      command.installationId,
      command.repositoryId,
      command.number,
      command.name,
      command.arguments,
      command.by,
      command.now,
    ],
  );
}

export interface CommandChange {
  readonly status: "refused" | "accepted" | "done";
  readonly role?: string;
  readonly reason: string;
  readonly now: Date;
}

export async function changeCommand(sql: Sql, commentId: bigint, change: CommandChange): Promise<void> {
  await sql.query(
    `UPDATE commands SET status = $2, role = coalesce($3, role), reason = $4,
       finished_at = CASE WHEN $2 = 'accepted' THEN NULL ELSE $5::timestamptz END WHERE comment_id = $1`,
    [commentId, change.status, change.role ?? null, change.reason, change.now],
  );
}

const Asked = z.object({ comment_id: z.coerce.bigint(), arguments: z.string(), by_login: z.string() });

/** Commands of these names that wait for their work to be done. */
export async function acceptedCommands(
  sql: Sql,
  scope: { readonly installationId: bigint; readonly repositoryId: bigint; readonly number: number },
  names: readonly string[],
): Promise<readonly { readonly commentId: bigint; readonly arguments: string; readonly by: string }[]> {
  const rows = await sql.query(
    `SELECT comment_id::text, arguments, by_login FROM commands
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND name = ANY($4) AND status = 'accepted'
     ORDER BY comment_id`,
    [scope.installationId, scope.repositoryId, scope.number, [...names]],
  );
  return rows.map((row) => {
    const { comment_id: commentId, arguments: text, by_login: by } = Asked.parse(row);
    return { commentId, arguments: text, by };
  });
}
