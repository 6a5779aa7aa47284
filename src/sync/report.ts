import { z } from "zod";
import { type EntityProgress, progressOf, warningsOf } from "../store/sync/progress.js";
import type { SyncRun, Warning } from "../store/sync/runs.js";
import type { Sql } from "../store/store.js";

/** A sync run in the form that the CLI, the API and the pages share. Times are ISO 8601. */
export interface SyncReport {
  readonly id: string;
  readonly installationId: string;
  readonly mode: SyncRun["mode"];
  readonly subject: string | null;
  readonly requestedBy: string;
  readonly status: SyncRun["status"];
  readonly reason: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When a paused run resumes. */
  readonly resumesAt: string | null;
  /** The duration without pauses. */
  readonly workedMs: number;
  /** The remaining time at the present rate; null: unknown. */
  readonly etaMs: number | null;
  readonly pages: number;
  readonly rowsWritten: number;
  readonly rowsUnchanged: number;
  readonly points: number;
  readonly requests: number;
  readonly entities: readonly EntityProgress[];
  readonly warnings: readonly Warning[];
}

const Stored = z.array(
  z.object({
    entity: z.string(),
    repositories: z.number(),
    done: z.number(),
    failed: z.number(),
    rows: z.number(),
    total: z.number(),
    unknown: z.number().default(0),
  }),
);

export async function reportOf(sql: Sql, run: SyncRun, now: Date): Promise<SyncReport> {
  const over = run.finished_at !== null;
  const entities = over ? (Stored.safeParse(run.progress).data ?? []) : await progressOf(sql, run.id);
  const until = run.status === "paused" ? (run.heartbeat_at ?? now) : (run.finished_at ?? now);
  const workedMs = run.started_at ? Math.max(0, until.getTime() - run.started_at.getTime() - run.paused_ms) : 0;
  return {
    id: String(run.id),
    installationId: String(run.installation_id),
    mode: run.mode,
    subject: run.subject,
    requestedBy: run.requested_by,
    status: run.status,
    reason: run.reason,
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    resumesAt: run.resume_at?.toISOString() ?? null,
    workedMs,
    etaMs: over ? null : etaOf(entities, workedMs),
    pages: run.pages,
    rowsWritten: run.rows_written,
    rowsUnchanged: run.rows_unchanged,
    points: run.points,
    requests: run.requests,
    entities,
    warnings: over ? run.warnings : await warningsOf(sql, run.id),
  };
}

/** Whether the run has ended. */
export function isOver({ finishedAt }: SyncReport): boolean {
  return finishedAt !== null;
}

/**
 * The remaining time at the present rate; null before a twentieth is done, and while the length of a list is unknown.
 */
export function etaOf(entities: readonly EntityProgress[], workedMs: number): number | null {
  const rows = entities.reduce((sum, entity) => sum + entity.rows, 0);
  const total = entities.reduce((sum, entity) => sum + entity.total, 0);
  if (rows === 0 || rows < total / 20 || entities.some(({ unknown }) => unknown > 0)) return null;
  return Math.round((workedMs / rows) * (total - rows));
}
