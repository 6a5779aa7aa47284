import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Json } from "../../domain.js";
import type { Sql } from "../store.js";

export const RUN_STATUSES = ["decided", "done", "skipped", "abandoned"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** An agent's decision, stored before any effect. */
export interface NewRun {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly agent: string;
  /** The subject of the run: `pull_request:12`, `issue:3`, `deployment:77`, `commit:<sha>`. */
  readonly subject: string;
  /** The issue or pull request where people see the result; null: none. */
  readonly number: number | null;
  readonly headSha: string | null;
  readonly jobId: bigint | null;
  readonly deliveryGuid: string | null;
  /** The trigger of the run: `pull request`, `command`, `re-run`, `merge queue`. */
  readonly trigger: string;
  readonly status: RunStatus;
  /** The id of the reason to skip; null: not skipped. */
  readonly skipped: string | null;
  readonly reason: string;
  readonly shadow: boolean;
  readonly input: Json;
  /** The complete decision as JSON text; after a crash effects are applied from here. */
  readonly decision: string;
  readonly requests: number;
  readonly durationMs: number;
  /** The cost of the model; null: no model was used. */
  readonly model?: Json;
  readonly now: Date;
}

const Row = z
  .object({
    id: z.coerce.bigint(),
    number: z.number().nullable(),
    head_sha: z.string().nullable(),
    status: z.enum(RUN_STATUSES),
    skipped: z.string().nullable(),
    shadow: z.boolean(),
    reason: z.string(),
    input: z.unknown(),
    decision: z.unknown(),
    requests: z.number(),
  })
  .transform(({ head_sha: headSha, ...run }) => ({ ...run, headSha }));
export type StoredRun = z.output<typeof Row> & RunScope;

const COLUMNS = "id::text, number, head_sha, status, skipped, shadow, reason, input, decision, requests";

export async function insertRun(sql: Sql, run: NewRun): Promise<bigint> {
  const [row] = await sql.query(
    `INSERT INTO agent_runs (installation_id, repository_id, agent, number, head_sha, job_id, delivery_guid, trigger,
       status, skipped, reason, shadow, input, decision, requests, duration_ms, created_at, model, subject, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14::jsonb, $15, $16, $17, $18::jsonb, $19,
       CASE WHEN $9 = 'decided' THEN NULL ELSE $17::timestamptz END) RETURNING id::text`,
    [
      run.installationId,
      run.repositoryId,
      run.agent,
      run.number,
      run.headSha,
      run.jobId,
      run.deliveryGuid,
      run.trigger,
      run.status,
      run.skipped,
      run.reason,
      run.shadow,
      storableJson(run.input),
      run.decision,
      run.requests,
      run.durationMs,
      run.now,
      run.model === undefined || run.model === null ? null : storableJson(run.model),
      run.subject,
    ],
  );
  return z.coerce.bigint().parse(row?.["id"]);
}

export interface RunEnding {
  readonly status: Exclude<RunStatus, "decided">;
  readonly reason: string;
  /** The effects that failed, with the reasons. */
  readonly notes: readonly string[];
  /** Requests for writing, in addition to those for reading. */
  readonly requests: number;
  readonly now: Date;
}

export async function endRun(sql: Sql, id: bigint, ending: RunEnding): Promise<void> {
  await sql.query(
    `UPDATE agent_runs SET status = $2, reason = $3, notes = $4, requests = requests + $5, finished_at = $6 WHERE id = $1`,
    [id, ending.status, ending.reason, [...ending.notes], ending.requests, ending.now],
  );
}

/** The agent and subject of runs. */
export interface RunScope {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
  readonly agent: string;
  readonly subject: string;
}

/** The newest run about the subject that is decided and not finished; null: none. */
export async function unfinishedRun(sql: Sql, scope: RunScope): Promise<StoredRun | null> {
  return newest(sql, scope, "status = 'decided'");
}

/** The newest complete run about the subject that posted its findings. */
export async function lastReview(sql: Sql, scope: RunScope): Promise<StoredRun | null> {
  return newest(sql, scope, "status = 'done' AND (skipped IS NULL OR skipped = 'only-merges')");
}

const Found = Row.and(
  z
    .object({
      installation_id: z.coerce.bigint(),
      repository_id: z.coerce.bigint(),
      agent: z.string(),
      subject: z.string(),
    })
    .transform(({ installation_id: installationId, repository_id: repositoryId, agent, subject }) => ({
      installationId,
      repositoryId,
      agent,
      subject,
    })),
);
const FOUND = `${COLUMNS}, installation_id::text, repository_id::text, agent, subject`;

/** The runs of a job, newest first. */
export async function runsOfJob(sql: Sql, jobId: bigint): Promise<readonly StoredRun[]> {
  const rows = await sql.query(`SELECT ${FOUND} FROM agent_runs WHERE job_id = $1 ORDER BY id DESC`, [jobId]);
  return rows.map((row) => Found.parse(row));
}

/** The newest run about the subject that decided on effects; null: none. */
export async function newestDeciding(sql: Sql, scope: RunScope): Promise<StoredRun | null> {
  return newest(
    sql,
    scope,
    `status IN ('decided', 'done') AND NOT shadow
     AND (decision->'effects' <> '[]' OR coalesce(decision->'leftOut', '[]') <> '[]')`,
  );
}

/** Runs since then that left out effects for lack of a permission, oldest first. */
export async function runsLeavingOut(sql: Sql, installationId: bigint, since: Date): Promise<readonly StoredRun[]> {
  const rows = await sql.query(
    `SELECT ${FOUND} FROM agent_runs WHERE installation_id = $1 AND created_at >= $2 AND status = 'done' AND NOT shadow
       AND coalesce(decision->'leftOut', '[]') <> '[]' ORDER BY id`,
    [installationId, since],
  );
  return rows.map((row) => Found.parse(row));
}

/** @param decision JSON text. */
export async function changeDecision(sql: Sql, id: bigint, decision: string): Promise<void> {
  await sql.query("UPDATE agent_runs SET decision = $2::jsonb WHERE id = $1", [id, decision]);
}

/** Reasons to skip that the check shows. */
const SHOWN_SILENCES = ["disabled", "ignored-author", "ignored-label", "ignored-paths"];

/** Whether the newest run at this commit was skipped with such a reason. */
export async function isSilenced(sql: Sql, scope: RunScope, headSha: string): Promise<boolean> {
  const { installationId, repositoryId, agent, subject } = scope;
  const [row] = await sql.query(
    `SELECT skipped = ANY($6) AS silenced FROM agent_runs
     WHERE installation_id = $1 AND repository_id = $2 AND agent = $3 AND subject = $4 AND head_sha = $5 AND status = 'done'
       AND (skipped IS NULL OR skipped = 'only-merges' OR skipped = ANY($6)) ORDER BY id DESC LIMIT 1`,
    [installationId, repositoryId, agent, subject, headSha, SHOWN_SILENCES],
  );
  return row?.["silenced"] === true;
}

/** When the last run about the subject was recorded; null: never. */
export async function lastRunAt(sql: Sql, scope: RunScope): Promise<Date | null> {
  const { installationId, repositoryId, agent, subject } = scope;
  const [row] = await sql.query(
    `SELECT max(created_at) AS at FROM agent_runs
     WHERE installation_id = $1 AND repository_id = $2 AND agent = $3 AND subject = $4 AND skipped IS NULL`,
    [installationId, repositoryId, agent, subject],
  );
  return z
    .date()
    .nullable()
    .parse(row?.["at"] ?? null);
}

async function newest(sql: Sql, scope: RunScope, where: string): Promise<StoredRun | null> {
  const { installationId, repositoryId, agent, subject } = scope;
  const [row] = await sql.query(
    `SELECT ${COLUMNS} FROM agent_runs
     WHERE installation_id = $1 AND repository_id = $2 AND agent = $3 AND subject = $4 AND ${where}
     ORDER BY id DESC LIMIT 1`,
    [installationId, repositoryId, agent, subject],
  );
  return row ? { ...Row.parse(row), installationId, repositoryId, agent, subject } : null;
}

const Recent = z
  .object({
    created_at: z.date(),
    agent: z.string(),
    head_sha: z.string().nullable(),
    trigger: z.string(),
    status: z.string(),
    shadow: z.boolean(),
    reason: z.string(),
    notes: z.array(z.string()),
    model: z.unknown(),
  })
  .transform(({ created_at: at, head_sha: headSha, ...run }) => ({ ...run, at, headSha }));
export type RecentRun = z.output<typeof Recent>;

/** The newest runs of all agents about a pull request or issue. */
export async function recentRuns(
  sql: Sql,
  scope: Omit<RunScope, "agent" | "subject"> & { readonly number: number },
  most: number,
): Promise<readonly RecentRun[]> {
  const rows = await sql.query(
    `SELECT created_at, agent, head_sha, trigger, status, shadow, reason, notes, model FROM agent_runs
     WHERE installation_id = $1 AND repository_id = $2 AND number = $3 ORDER BY id DESC LIMIT $4`,
    [scope.installationId, scope.repositoryId, scope.number, most],
  );
  return rows.map((row) => Recent.parse(row));
}
