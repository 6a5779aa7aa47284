import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Sql } from "../store.js";

export const RUN_STATUSES = [
  "waiting",
  "running",
  "paused",
  "completed",
  "completed-with-warnings",
  "failed",
  "cancelled",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const id = z.coerce.bigint();

export const Warning = z.object({ repository: z.string(), entity: z.string(), reason: z.string() });
/** The lists that could not be read, with the reasons; a later run reads them. */
export type Warning = z.infer<typeof Warning>;

const Row = z.object({
  id,
  installation_id: id,
  mode: z.enum(["full", "incremental", "reconcile", "spot"]),
  repository_id: id.nullable(),
  subject: z.string().nullable(),
  requested_by: z.string(),
  status: z.enum(RUN_STATUSES),
  created_at: z.date(),
  started_at: z.date().nullable(),
  heartbeat_at: z.date().nullable(),
  resume_at: z.date().nullable(),
  finished_at: z.date().nullable(),
  paused_ms: z.coerce.number(),
  pages: z.int(),
  rows_written: z.int(),
  rows_unchanged: z.int(),
  points: z.int(),
  requests: z.int(),
  warnings: z.array(Warning),
  progress: z.unknown(),
  reason: z.string().nullable(),
});
/** One reading of GitHub. */
export type SyncRun = z.infer<typeof Row>;

/** The number of requests by people for this run; they are told how it ended. */
export const ASKED_BY = { command: "command line", api: "API" } as const;

export interface RunRequest {
  readonly installationId: bigint;
  readonly mode: SyncRun["mode"];
  readonly repositoryId: bigint | null;
  /** `owner/name` or `owner/name#number` of a spot run. */
  readonly subject: string | null;
  /** The requester: `schedule`, `installation`, a person. */
  readonly requestedBy: string;
  readonly now: Date;
}

const OPEN = "status IN ('waiting', 'running', 'paused')";

/** A run for the request: the open run for the same subject, or a new one. */
export async function openRun(
  sql: Sql,
  request: RunRequest,
): Promise<{ readonly run: SyncRun; readonly created: boolean }> {
  const { installationId, mode, repositoryId, subject, requestedBy, now } = request;
  // Serialised, so that two requests do not create two runs.
  await sql.query("SELECT pg_advisory_xact_lock(hashtextextended('sync-run ' || $1, 0))", [String(installationId)]);
  const open = await openRunOf(sql, request);
  if (open) return { run: open, created: false };
  const [row] = await sql.query(
    `INSERT INTO sync_runs (installation_id, mode, repository_id, subject, requested_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`,
    [installationId, mode, repositoryId, subject, requestedBy, now],
  );
  return { run: Row.parse(row), created: true };
}

/** The open run for that subject; null: none. */
export async function openRunOf(
  sql: Sql,
  { installationId, mode, subject }: Pick<RunRequest, "installationId" | "mode" | "subject">,
): Promise<SyncRun | null> {
  const [open] = await sql.query(
    `SELECT * FROM sync_runs WHERE installation_id = $1 AND mode = $2 AND ${OPEN}
       AND subject IS NOT DISTINCT FROM $3 ORDER BY id LIMIT 1`,
    [installationId, mode, subject],
  );
  return open ? Row.parse(open) : null;
}

/** Takes a run over: from now on only `runner` writes for it. Null: it has ended. */
export async function takeRun(sql: Sql, id: bigint, runner: string, now: Date): Promise<SyncRun | null> {
  const [row] = await sql.query(
    `UPDATE sync_runs SET runner = $2, status = 'running', started_at = COALESCE(started_at, $3), heartbeat_at = $3,
       paused_ms = paused_ms + CASE WHEN status = 'paused' THEN GREATEST(0, EXTRACT(epoch FROM $3 - heartbeat_at) * 1000)::bigint ELSE 0 END,
       resume_at = NULL, reason = NULL
     WHERE id = $1 AND ${OPEN} RETURNING *`,
    [id, runner, now],
  );
  return row ? Row.parse(row) : null;
}

/** The counts that a stored page adds to its run. */
export interface RunCount {
  readonly pages: number;
  readonly written: number;
  readonly unchanged: number;
  readonly points: number;
  readonly requests: number;
}

/** Adds to the counts of a run, and records that it progresses. False: the run has ended, or another runner has it. */
export async function countRun(sql: Sql, id: bigint, runner: string, now: Date, count: RunCount): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE sync_runs SET pages = pages + $4, rows_written = rows_written + $5, rows_unchanged = rows_unchanged + $6,
       points = points + $7, requests = requests + $8, heartbeat_at = CASE WHEN $4 > 0 THEN $3 ELSE heartbeat_at END
     WHERE id = $1 AND runner = $2 AND status = 'running' RETURNING id`,
    [id, runner, now, count.pages, count.written, count.unchanged, count.points, count.requests],
    "sync-count-run",
  );
  return rows.length > 0;
}

/** The rate limit is used up: the run resumes at `resumeAt`. */
export async function pauseRun(
  sql: Sql,
  id: bigint,
  runner: string,
  pause: { readonly now: Date; readonly resumeAt: Date; readonly reason: string },
): Promise<void> {
  await sql.query(
    `UPDATE sync_runs SET status = 'paused', heartbeat_at = $3, resume_at = $4, reason = $5
     WHERE id = $1 AND runner = $2 AND status = 'running'`,
    [id, runner, pause.now, pause.resumeAt, pause.reason],
  );
}

export interface RunEnd {
  readonly status: "completed" | "completed-with-warnings" | "failed" | "cancelled";
  readonly reason: string;
  readonly warnings: readonly Warning[];
  readonly progress: unknown;
  readonly now: Date;
}

export async function endRun(sql: Sql, id: bigint, runner: string, end: RunEnd): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE sync_runs SET status = $3, reason = $4, warnings = $5::jsonb, progress = $6::jsonb, finished_at = $7,
       heartbeat_at = $7, resume_at = NULL
     WHERE id = $1 AND runner = $2 AND status = 'running' RETURNING id`,
    [id, runner, end.status, end.reason, storableJson(end.warnings), storableJson(end.progress), end.now],
  );
  return rows.length > 0;
}

/** The run is still alive: a job waits for it, or was recovered, or has just begun. */
const ATTENDED = `EXISTS (SELECT FROM jobs j WHERE j.name = 'sync' AND j.installation_id = w.installation_id
  AND j.payload->>'mode' = w.mode AND j.payload->>'subject' IS NOT DISTINCT FROM w.subject AND (j.status = 'waiting'
    OR (j.status = 'running' AND (j.locked_until <= $1 OR j.started_at >= $1::timestamptz - $2::bigint * interval '1 ms'))))`;

/**
 * The watchdog: ends runs that have stored nothing for too long and that no job will continue, for example after a
 * downtime. Their runner may write no more.
 */
export async function endStalledRuns(sql: Sql, now: Date, stalledMs: number): Promise<readonly SyncRun[]> {
  const rows = await sql.query(
    `UPDATE sync_runs w SET status = 'failed', runner = NULL, finished_at = $1,
       reason = CASE WHEN status = 'waiting' THEN 'no job works on it'
         ELSE 'no page was stored since ' || to_char(heartbeat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END
     WHERE CASE status WHEN 'running' THEN heartbeat_at WHEN 'paused' THEN resume_at WHEN 'waiting' THEN created_at END
         < $1::timestamptz - $2::bigint * interval '1 ms'
       AND NOT ${ATTENDED}
     RETURNING *`,
    [now, stalledMs],
  );
  return rows.map((row) => Row.parse(row));
}

/** The run that was opened under this name: a repeated job continues its own run. */
export async function runRequestedBy(sql: Sql, installationId: bigint, requestedBy: string): Promise<SyncRun | null> {
  const [row] = await sql.query(
    "SELECT * FROM sync_runs WHERE installation_id = $1 AND requested_by = $2 ORDER BY id DESC LIMIT 1",
    [installationId, requestedBy],
  );
  return row ? Row.parse(row) : null;
}

export async function readRun(sql: Sql, id: bigint): Promise<SyncRun | null> {
  const [row] = await sql.query("SELECT * FROM sync_runs WHERE id = $1", [id]);
  return row ? Row.parse(row) : null;
}

/** The latest runs, of one installation or of all. */
export async function latestRuns(sql: Sql, installationId: bigint | null, limit: number): Promise<readonly SyncRun[]> {
  const rows = await sql.query(
    "SELECT * FROM sync_runs WHERE $1::bigint IS NULL OR installation_id = $1 ORDER BY id DESC LIMIT $2",
    [installationId, limit],
  );
  return rows.map((row) => Row.parse(row));
}
