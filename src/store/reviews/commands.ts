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

/** Limits of answered commands for one hour. */
export interface CommandLimits {
  /** Of one person without write access. */
  readonly person: number;
  /** Of one person with write access. */
  readonly writer: number;
  /** On one issue or pull request, of all people without write access. */
  readonly number: number;
  /** In the organisation, of all people without write access. */
  readonly organisation: number;
}

/** The limit that a command exceeds; null: it is accepted. */
export type AboveLimit = Exclude<keyof CommandLimits, "writer"> | null;

const Counts = z.object({
  known: z.string().nullable(),
  mine: z.int(),
  writes: z.boolean(),
  on_number: z.int(),
  in_organisation: z.int(),
});

/**
 * Stores a command unless it exceeds a limit; a repetition returns the stored result. `writes`: the person has write
 * access, and other people's commands do not count against them. Serialised within an organisation.
 */
export async function admitCommand(
  sql: Sql,
  command: NewCommand,
  limits: CommandLimits,
  writes: boolean,
): Promise<AboveLimit> {
  await sql.query("SELECT pg_advisory_xact_lock(hashtextextended('commands ' || $1::text, 0))", [
    command.installationId,
  ]);
  const [row] = await sql.query(
    `SELECT (SELECT status FROM commands WHERE comment_id = $1) AS known,
       (count(*) FILTER (WHERE lower(by_login) = lower($2)))::int AS mine,
       coalesce(bool_or(lower(by_login) = lower($2) AND role IN ('write', 'admin')), false) AS writes,
       (count(*) FILTER (WHERE repository_id = $4 AND number = $5 AND coalesce(role, '') NOT IN ('write', 'admin')))::int AS on_number,
       (count(*) FILTER (WHERE coalesce(role, '') NOT IN ('write', 'admin')))::int AS in_organisation
     FROM commands WHERE installation_id = $3 AND created_at > $6::timestamptz - interval '1 hour'
       AND status <> 'above-limit' AND comment_id <> $1`,
    [command.commentId, command.by, command.installationId, command.repositoryId, command.number, command.now],
  );
  const counts = Counts.parse(row);
  if (counts.known !== null && counts.known !== "above-limit") return null;
  const above = aboveIn(counts, limits, writes || counts.writes);
  if (above === null) await recordCommand(sql, command);
  return above;
}

function aboveIn(counts: z.output<typeof Counts>, limits: CommandLimits, writes: boolean): AboveLimit {
  if (counts.mine >= (writes ? limits.writer : limits.person)) return "person";
  if (writes) return null;
  if (counts.on_number >= limits.number) return "number";
  return counts.in_organisation >= limits.organisation ? "organisation" : null;
}

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
  readonly status: "refused" | "accepted" | "done" | "above-limit";
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

const Asked = z
  .object({ comment_id: z.coerce.bigint(), name: z.string(), arguments: z.string(), by_login: z.string() })
  .transform((row) => ({ commentId: row.comment_id, name: row.name, arguments: row.arguments, by: row.by_login }));
/** A command that waits for its work to be done. */
export type AskedCommand = z.output<typeof Asked>;

/** Commands with these names that wait for their work. */
export async function acceptedCommands(
  sql: Sql,
  scope: { readonly installationId: bigint; readonly repositoryId: bigint; readonly number: number },
  names: readonly string[],
): Promise<readonly AskedCommand[]> {
  const rows = await sql.query(
    `SELECT comment_id::text, name, arguments, by_login FROM commands
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 AND name = ANY($4) AND status = 'accepted'
     ORDER BY comment_id`,
    [scope.installationId, scope.repositoryId, scope.number, [...names]],
  );
  return rows.map((row) => Asked.parse(row));
}
