import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { ErrorKind } from "../../errors.js";
import type { Sql } from "../store.js";

/** The account's own lists have no repository. */
export const NO_REPOSITORY = 0;

const number = z.coerce.number();
const Row = z.object({
  repository_id: number,
  entity: z.string(),
  cursor: z.string().nullable(),
  since: z.date().nullable(),
  started_at: z.date().nullable(),
  pages: z.int(),
  rows: z.int(),
  total: z.int().nullable(),
  attempts: z.int(),
  position: z.int(),
  /** Data that an earlier reading stored for this one. */
  mark: z.string().nullable(),
});

/** The position of reading one entity of one repository. */
export type CursorRow = z.infer<typeof Row>;

/** Work of a run: an entity of a repository. An existing cursor of the run stays unchanged. */
export interface NewCursor {
  readonly repositoryId: number;
  readonly entity: string;
  /** Lower comes first. */
  readonly position: number;
  /** Read changes since this time; null: read everything. */
  readonly since: Date | null;
  /** The number of items, if known; with 0 nothing is read. */
  readonly total: number | null;
  /** The start position; default: the beginning. */
  readonly cursor?: string;
  /** When an earlier run began to read it, if this one continues; default: when it reads its first page. */
  readonly startedAt?: Date;
}

const COLUMNS =
  "repository_id::text AS repository_id, entity, cursor, since, started_at, pages, rows, total, attempts, position, mark";

/** A list that an earlier run of the lane should have read and did not; no other run will read it. */
const UNREAD = "t.repository_id <> 0 AND t.status IN ('failed', 'pending')";

/**
 * The wider of the two ranges. A list that stops at known items may have a gap behind it after an interruption, so it
 * is read completely.
 */
const WIDER = `CASE WHEN t.since IS NULL OR excluded.since IS NULL OR t.entity IN ('deployments', 'releases') THEN NULL
  ELSE LEAST(t.since, excluded.since) END`;

/**
 * Comments are read in the order of their changes: new changes come at the end, so a long list keeps its position. In
 * other lists changes may come before the position, so they start again.
 */
const KEEPS_PLACE = "t.entity = 'comments' AND t.since IS NULL AND excluded.since IS NOT NULL";

/** The new value of a column if something is unread: only the position, if the list keeps it. */
const place = (column: string): string =>
  `${column} = CASE WHEN NOT (${UNREAD}) THEN excluded.${column} WHEN ${KEEPS_PLACE} THEN t.${column} END`;

const ADD = `
INSERT INTO sync_cursors AS t
  (installation_id, run_id, lane, status, repository_id, entity, position, since, total, cursor, started_at)
SELECT $2, $3, $4, CASE WHEN i.total = 0 THEN 'done' ELSE 'pending' END, i.*
FROM jsonb_to_recordset($1::jsonb)
  AS i(repository_id bigint, entity text, position int, since timestamptz, total int, cursor text, started_at timestamptz)
ORDER BY repository_id, entity
ON CONFLICT (installation_id, lane, repository_id, entity) DO UPDATE SET run_id = excluded.run_id, status = excluded.status,
  position = excluded.position, since = CASE WHEN ${UNREAD} THEN ${WIDER} ELSE excluded.since END, total = excluded.total,
  ${place("cursor")}, ${place("started_at")}, pages = 0, rows = 0, attempts = 0, retry_at = NULL, error_kind = NULL, error = NULL
WHERE t.run_id IS DISTINCT FROM excluded.run_id`;

/** Separates runs that may be active at the same time: each has its own lane. */
export interface CursorOwner {
  readonly id: bigint;
  readonly installationId: bigint;
  readonly lane: string;
}

/** Creates cursors of a run. Cursors of an earlier run of its lane become its own, with their unread rest. */
export async function addCursors(sql: Sql, run: CursorOwner, cursors: readonly NewCursor[]): Promise<void> {
  if (cursors.length === 0) return;
  const rows = new Map(
    cursors.map((each) => [
      `${each.repositoryId} ${each.entity}`,
      {
        repository_id: each.repositoryId,
        entity: each.entity,
        position: each.position,
        since: each.since,
        total: each.total,
        cursor: each.cursor ?? null,
        started_at: each.startedAt ?? null,
      },
    ]),
  );
  await sql.query(ADD, [storableJson([...rows.values()]), run.installationId, run.id, run.lane], "sync-add-cursors");
}

/**
 * The next work: surveys first, then every repository's first page before any second page, ordered by position. Failed
 * work comes when its retry is due.
 */
export async function nextCursors(sql: Sql, runId: bigint, now: Date, limit: number): Promise<readonly CursorRow[]> {
  const rows = await sql.query(
    `SELECT ${COLUMNS} FROM sync_cursors
     WHERE run_id = $1 AND status = 'pending' AND (retry_at IS NULL OR retry_at <= $2)
     ORDER BY (repository_id <> 0), pages, position, repository_id, entity LIMIT $3`,
    [runId, now, limit],
    "sync-next-cursors",
  );
  return rows.map((row) => Row.parse(row));
}

const Due = z.object({ due: z.date().nullable() });

/** When the earliest remaining work is due: `now` if it need not wait. Null: none is left. */
export async function earliestDue(sql: Sql, runId: bigint, now: Date): Promise<Date | null> {
  const [row] = await sql.query(
    `SELECT min(COALESCE(retry_at, $2::timestamptz)) AS due FROM sync_cursors WHERE run_id = $1 AND status = 'pending'`,
    [runId, now],
  );
  return Due.parse(row).due;
}

/** The change that a stored page makes to its cursor. */
export interface Advance {
  readonly repositoryId: number;
  readonly entity: string;
  readonly next: string | null;
  readonly done: boolean;
  readonly rows: number;
  readonly total: number | null;
  /** When the reading of its first page began. */
  readonly startedAt: Date;
  /** The start of the list, stored when it is done. */
  readonly mark: string | null;
}

const ADVANCE = `
UPDATE sync_cursors SET cursor = $4, status = CASE WHEN $5 THEN 'done' ELSE 'pending' END, pages = pages + 1,
  rows = rows + $6, total = COALESCE($7, total), started_at = COALESCE(started_at, $8), attempts = 0, retry_at = NULL,
  error_kind = NULL, error = NULL,
  watermark = CASE WHEN $5 THEN GREATEST(watermark, COALESCE(started_at, $8)) ELSE watermark END,
  mark = CASE WHEN $5 THEN COALESCE($9, mark) ELSE mark END,
  failed_since = CASE WHEN $5 THEN NULL ELSE failed_since END
WHERE run_id = $1 AND repository_id = $2 AND entity = $3 AND status = 'pending'`;

/** Moves a cursor forward, in the transaction that stores its page. */
export async function advanceCursor(sql: Sql, runId: bigint, advance: Advance): Promise<void> {
  const { repositoryId, entity, next, done, rows, total, startedAt, mark } = advance;
  await sql.query(
    ADVANCE,
    [runId, repositoryId, entity, next, done, rows, total, startedAt, mark],
    "sync-advance-cursor",
  );
}

/** The failure of a page. */
export interface CursorFailure {
  readonly repositoryId: number;
  readonly entity: string;
  readonly kind: ErrorKind;
  readonly text: string;
  /** When to retry: within the run, or in a later run if the list is given up. */
  readonly retryAt: Date;
  readonly givenUp: boolean;
}

/** Earlier runs have read the changes from before this run began. */
const FAILED_SINCE = "COALESCE(failed_since, (SELECT created_at FROM sync_runs WHERE id = $1))";

/** Records a failure. A list that is given up keeps its position for a later run. */
export async function failCursor(sql: Sql, runId: bigint, failure: CursorFailure): Promise<void> {
  await sql.query(
    `UPDATE sync_cursors SET status = CASE WHEN $4 THEN 'failed' ELSE 'pending' END, attempts = attempts + 1,
       retry_at = $5, error_kind = $6, error = $7,
       failed_since = CASE WHEN $4 THEN ${FAILED_SINCE} ELSE failed_since END
     WHERE run_id = $1 AND repository_id = $2 AND entity = $3 AND status = 'pending'`,
    [runId, failure.repositoryId, failure.entity, failure.givenUp, failure.retryAt, failure.kind, failure.text],
  );
}

/** Drops work that must not be done: without a warning, and not for a later run. */
export async function leaveCursor(
  sql: Sql,
  runId: bigint,
  { repository_id: repositoryId, entity }: Pick<CursorRow, "repository_id" | "entity">,
  reason: string,
): Promise<void> {
  await sql.query(
    `UPDATE sync_cursors SET status = 'excluded', retry_at = NULL, error_kind = NULL, error = $4
     WHERE run_id = $1 AND repository_id = $2 AND entity = $3 AND status = 'pending'`,
    [runId, repositoryId, entity, reason],
  );
}

/** Leaves unreached work to a later run. */
export async function giveUpCursors(sql: Sql, runId: bigint, now: Date): Promise<void> {
  await sql.query(
    `UPDATE sync_cursors SET status = 'failed', retry_at = $2, error_kind = 'unknown', error = 'its run ended before',
       failed_since = ${FAILED_SINCE}
     WHERE run_id = $1 AND status = 'pending'`,
    [runId, now],
  );
}

const Failed = Row.pick({
  repository_id: true,
  entity: true,
  cursor: true,
  since: true,
  started_at: true,
  total: true,
});
/** The lists that an earlier run gave up, with their positions. */
export type FailedCursor = z.infer<typeof Failed>;

/** The account's own lists that find repositories: no other list replaces one that was not read to its end. */
export const HANDED_ON = ["totals", "added"];

/**
 * Takes over lists that earlier runs gave up and that are due. A list that the run reads itself, or has given up
 * itself, stays.
 */
export async function takeFailedCursors(sql: Sql, run: CursorOwner, now: Date): Promise<readonly FailedCursor[]> {
  const rows = await sql.query(
    `UPDATE sync_cursors t SET status = 'handed-on'
     WHERE installation_id = $1 AND status = 'failed' AND (repository_id <> 0 OR entity = ANY($5::text[])) AND retry_at <= $2
       AND NOT EXISTS (SELECT FROM sync_cursors own WHERE own.installation_id = $1 AND own.lane = $3 AND own.run_id = $4
         AND own.repository_id = t.repository_id AND own.entity = t.entity)
     RETURNING repository_id::text AS repository_id, entity, cursor, since, started_at, total`,
    [run.installationId, now, run.lane, run.id, HANDED_ON],
  );
  return rows.map((row) => Failed.parse(row));
}

/**
 * The time up to which all changes are stored, except in lists that wait for a retry: the start of a search, or of a
 * full reading. A reconciliation's list of repositories does not count, because it reads no items. Null: never.
 */
export async function watermarkOf(sql: Sql, installationId: bigint): Promise<Date | null> {
  const [row] = await sql.query(
    `SELECT max(watermark) AS due FROM sync_cursors WHERE installation_id = $1 AND repository_id = 0
       AND (entity = 'search' OR (entity = 'repositories' AND since IS NULL))`,
    [installationId],
  );
  return Due.parse(row).due;
}
