import { z } from "zod";
import { InvalidError, type ErrorKind } from "../../errors.js";
import type { Sql } from "../store.js";

/** The intent row, written before any call. */
export interface Intent {
  readonly intent: string;
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly jobId: bigint | null;
  readonly deliveryGuid: string | null;
  readonly kind: string;
  readonly target: string;
  /** The complete effect as JSON text, from which it can be applied again. */
  readonly request: string;
  readonly reason: string;
}

const COLUMNS = "id, intent, status, github_id, github_url, error_kind, error, request, created_at";

const Row = z
  .object({
    id: z.coerce.bigint(),
    intent: z.string(),
    status: z.enum(["intended", "done", "adopted", "dry-run", "blocked", "failed", "cancelled"]),
    github_id: z.string().nullable(),
    github_url: z.string().nullable(),
    error_kind: z.string().nullable(),
    error: z.string().nullable(),
    request: z.unknown(),
    created_at: z.date(),
  })
  .transform((row) => ({
    id: row.id,
    intent: row.intent,
    status: row.status,
    githubId: row.github_id,
    githubUrl: row.github_url,
    errorKind: row.error_kind,
    error: row.error,
    request: row.request,
    createdAt: row.created_at,
  }));
export type LedgerRow = z.output<typeof Row>;

/** Writes the intent, or finds the row of an earlier attempt. `isNew`: this intent did not exist. */
export async function recordIntent(
  sql: Sql,
  intent: Intent,
  status: "intended" | "dry-run" = "intended",
): Promise<{ readonly row: LedgerRow; readonly isNew: boolean }> {
  const inserted = await sql.query(
    `INSERT INTO effects (intent, installation_id, repository_id, job_id, delivery_guid, kind, target, request, reason, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10) ON CONFLICT (intent) DO NOTHING RETURNING ${COLUMNS}`,
    [
      intent.intent,
      intent.installationId,
      intent.repositoryId,
      intent.jobId,
      intent.deliveryGuid,
      intent.kind,
      intent.target,
      intent.request,
      intent.reason,
      status,
    ],
  );
  if (inserted[0]) return { row: Row.parse(inserted[0]), isNew: true };
  const found = await sql.query(`SELECT ${COLUMNS} FROM effects WHERE intent = $1`, [intent.intent]);
  if (!found[0]) throw new InvalidError("The effect's row was removed while it was applied");
  return { row: Row.parse(found[0]), isNew: false };
}

/** Marks the row of an earlier attempt as retried by the present job. */
export async function reopen(sql: Sql, id: bigint, intent: Intent): Promise<void> {
  await sql.query(
    `UPDATE effects SET status = 'intended', installation_id = $2, job_id = coalesce($3, job_id),
       delivery_guid = coalesce($4, delivery_guid), error = NULL, error_kind = NULL, finished_at = NULL WHERE id = $1`,
    [id, intent.installationId, intent.jobId, intent.deliveryGuid],
  );
}

/** Every effect of a repository on a target, oldest first. */
export async function effectsOnTarget(sql: Sql, repositoryId: bigint, target: string): Promise<readonly LedgerRow[]> {
  const rows = await sql.query(`SELECT ${COLUMNS} FROM effects WHERE repository_id = $1 AND target = $2 ORDER BY id`, [
    repositoryId,
    target,
  ]);
  return rows.map((row) => Row.parse(row));
}

/** The end of an attempt. */
export interface Ending {
  readonly status: "done" | "adopted" | "blocked" | "failed" | "cancelled";
  readonly githubId?: string | null;
  readonly url?: string | null;
  /** For `failed`; for `blocked`, `unknown` when an earlier attempt may have reached GitHub. */
  readonly errorKind?: ErrorKind | null;
  /** The error, or the reason for doing nothing. */
  readonly error?: string | null;
}

export async function recordEnding(sql: Sql, id: bigint, ending: Ending): Promise<void> {
  await sql.query(
    `UPDATE effects SET status = $2, github_id = coalesce($3, github_id), github_url = coalesce($4, github_url),
       error_kind = $5, error = $6, finished_at = now() WHERE id = $1`,
    [id, ending.status, ending.githubId ?? null, ending.url ?? null, ending.errorKind ?? null, ending.error ?? null],
  );
}

const Waiting = z.object({ installation_id: z.coerce.bigint(), effects: z.int() });

/** How many effects are blocked, by installation; of one installation, or of all. */
export async function installationsWithBlocked(
  sql: Sql,
  installationId: bigint | null,
): Promise<ReadonlyMap<bigint, number>> {
  const rows = await sql.query(
    `SELECT installation_id::text AS installation_id, count(*)::int AS effects FROM effects
     WHERE status = 'blocked' AND ($1::bigint IS NULL OR installation_id = $1) GROUP BY 1`,
    [installationId],
  );
  return new Map(rows.map((row) => Waiting.parse(row)).map((row) => [row.installation_id, row.effects]));
}

const Blocked = z
  .object({ request: z.unknown(), job_id: z.coerce.bigint().nullable() })
  .transform(({ request, job_id: jobId }) => ({ request, jobId }));

/** The blocked effects of an installation, in the order of their decisions. */
export async function blockedEffects(sql: Sql, installationId: bigint): Promise<readonly z.output<typeof Blocked>[]> {
  const rows = await sql.query(
    "SELECT request, job_id::text FROM effects WHERE installation_id = $1 AND status = 'blocked' ORDER BY id",
    [installationId],
  );
  return rows.map((row) => Blocked.parse(row));
}

/** Whether an effect of this App exists on this target. */
export async function stands(sql: Sql, installationId: bigint, repositoryId: bigint, target: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM effects WHERE installation_id = $1 AND repository_id = $2 AND target = $3
       AND status IN ('done', 'adopted') LIMIT 1`,
    [installationId, repositoryId, target],
  );
  return rows.length > 0;
}

/** The newest written effect on this target, as it was requested; null: none. */
export async function newestOn(sql: Sql, repositoryId: bigint, target: string): Promise<unknown> {
  const [row] = await sql.query(
    `SELECT request FROM effects WHERE repository_id = $1 AND target = $2 AND status IN ('done', 'adopted')
     ORDER BY id DESC LIMIT 1`,
    [repositoryId, target],
  );
  return row?.["request"] ?? null;
}

/** Whether any of these intents exists in the ledger. */
export async function wasBegun(sql: Sql, intents: readonly string[]): Promise<boolean> {
  const rows = await sql.query(
    "SELECT 1 FROM effects WHERE intent = ANY($1) AND status NOT IN ('dry-run', 'cancelled') LIMIT 1",
    [[...intents]],
  );
  return rows.length > 0;
}
