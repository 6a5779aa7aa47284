import { z } from "zod";
import type { Sql } from "../store.js";
import type { Warning } from "./runs.js";

const Row = z.object({
  entity: z.string(),
  repositories: z.coerce.number(),
  done: z.coerce.number(),
  failed: z.coerce.number(),
  rows: z.coerce.number(),
  total: z.coerce.number(),
  /** Unfinished lists of unknown length. */
  unknown: z.coerce.number().default(0),
});
/** A run's progress with one entity. `total` counts the lists of known length. */
export type EntityProgress = z.infer<typeof Row>;

export async function progressOf(sql: Sql, runId: bigint): Promise<readonly EntityProgress[]> {
  const rows = await sql.query(
    `SELECT entity, count(*) AS repositories, count(*) FILTER (WHERE status = 'done') AS done,
       count(*) FILTER (WHERE status = 'failed') AS failed, sum(rows) AS rows,
       sum(CASE WHEN status = 'done' THEN rows ELSE GREATEST(rows, COALESCE(total, rows)) END) AS total,
       count(*) FILTER (WHERE status = 'pending' AND total IS NULL) AS unknown
     FROM sync_cursors WHERE run_id = $1 AND status <> 'excluded' GROUP BY entity ORDER BY entity`,
    [runId],
  );
  return rows.map((row) => Row.parse(row));
}

const Failed = z.object({ repository: z.string(), entity: z.string(), reason: z.string() });

/** The lists that the run could not read. */
export async function warningsOf(sql: Sql, runId: bigint): Promise<readonly Warning[]> {
  const rows = await sql.query(
    `SELECT COALESCE(r.full_name, 'the account') AS repository, c.entity, COALESCE(c.error, 'unknown') AS reason
     FROM sync_cursors c LEFT JOIN repositories r ON r.id = c.repository_id
     WHERE c.run_id = $1 AND c.status = 'failed' ORDER BY 1, 2`,
    [runId],
  );
  return rows.map((row) => Failed.parse(row));
}
