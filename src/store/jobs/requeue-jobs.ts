import { z } from "zod";
import type { Sql } from "../store.js";
import { JobRow } from "./job-row.js";
import type { JobWakeUp } from "./wake-up.js";

export interface Requeued {
  readonly name: string;
  readonly key: string;
  readonly wakeUp: JobWakeUp;
}

/** Of two dead letters with one key the newer runs again; neither does if a row already waits for the key. */
const REQUEUE = `
  UPDATE jobs SET status = 'waiting', attempts = 0, run_at = $2, finished_at = NULL
  WHERE id IN (
    SELECT max(id) FROM jobs dead WHERE delivery_guid = $1 AND status = 'failed' AND NOT EXISTS (
      SELECT FROM jobs other WHERE other.name = dead.name AND other.key = dead.key AND other.status = 'waiting')
    GROUP BY name, key) AND status = 'failed'
  RETURNING id, queue, name, key`;

/**
 * Makes a delivery's dead letters run again with all their attempts. The last failure stays recorded until the next
 * end.
 */
export async function requeueJobs(sql: Sql, guid: string, now: Date): Promise<readonly Requeued[]> {
  const rows = await sql.query(REQUEUE, [guid, now]);
  return rows.map((row) => JobRow.parse(row)).map(({ id, queue, name, key }) => ({ name, key, wakeUp: { queue, id } }));
}

const REQUEUE_ALL = `
  UPDATE jobs SET status = 'waiting', attempts = 0, run_at = $2, finished_at = NULL
  WHERE id IN (
    SELECT max(id) FROM jobs dead WHERE status = 'failed' AND installation_id = ANY ($1::bigint[]) AND NOT EXISTS (
      SELECT FROM jobs other WHERE other.name = dead.name AND other.key = dead.key AND other.status = 'waiting')
    GROUP BY name, key) AND status = 'failed'
  RETURNING id, queue, name, key, installation_id`;

const OwnedRow = JobRow.extend({ installation_id: z.coerce.bigint() });

/** The same for all dead letters of these installations. */
export async function requeueFailedJobs(
  sql: Sql,
  installations: readonly bigint[],
  now: Date,
): Promise<readonly (Requeued & { readonly installationId: bigint })[]> {
  const rows = await sql.query(REQUEUE_ALL, [installations, now]);
  return rows
    .map((row) => OwnedRow.parse(row))
    .map(({ id, queue, name, key, installation_id: installationId }) => {
      return { name, key, wakeUp: { queue, id }, installationId };
    });
}
