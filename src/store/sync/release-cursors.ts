import type { Sql } from "../store.js";

/** The owner of the stored state of a repository's lists, after the runs about that repository alone have ended. */
const KEPT = "kept";

/** The requester of a run stores its number a moment later, and needs the reason if nothing was read. */
const ASKED_FOR = "interval '1 hour'";

/** A run with a subject has its own lane, which no other run continues. */
const OVER = `c.installation_id = $1 AND c.lane LIKE '% %'
  AND NOT EXISTS (SELECT FROM sync_runs r WHERE r.id = c.run_id AND r.finished_at IS NULL)`;

/**
 * Cursors that are no longer needed: finished lists, work that was handed on, and excluded lists whose requester was
 * answered. Lists that were given up wait for the run that takes them.
 */
const SERVES_NOBODY = `CASE c.status WHEN 'done' THEN true
  WHEN 'handed-on' THEN NOT EXISTS (SELECT FROM sync_cursors o WHERE o.installation_id = c.installation_id
    AND o.repository_id = c.repository_id AND o.entity = c.entity AND o.status IN ('pending', 'failed'))
  WHEN 'excluded' THEN NOT EXISTS (SELECT FROM drift_ledger l WHERE l.sync_run_id = c.run_id AND l.status = 'syncing')
    AND NOT EXISTS (SELECT FROM sync_runs r WHERE r.id = c.run_id AND r.finished_at > $2::timestamptz - ${ASKED_FOR})
  ELSE false END`;

const RELEASE = `
WITH over AS MATERIALIZED (
  SELECT c.* FROM sync_cursors c WHERE ${OVER} AND ${SERVES_NOBODY} FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM sync_cursors t USING over o WHERE t.installation_id = o.installation_id AND t.lane = o.lane
    AND t.repository_id = o.repository_id AND t.entity = o.entity
)
INSERT INTO sync_cursors AS t (installation_id, lane, repository_id, entity, status, watermark, mark)
SELECT $1, '${KEPT}', repository_id, entity, 'done', max(watermark),
  (array_agg(mark ORDER BY watermark DESC) FILTER (WHERE mark IS NOT NULL))[1]
FROM over WHERE repository_id <> 0 AND watermark IS NOT NULL GROUP BY repository_id, entity ORDER BY repository_id, entity
ON CONFLICT (installation_id, lane, repository_id, entity) DO UPDATE SET
  mark = CASE WHEN excluded.watermark >= t.watermark THEN COALESCE(excluded.mark, t.mark) ELSE t.mark END,
  watermark = GREATEST(t.watermark, excluded.watermark)`;

/**
 * Deletes unneeded cursors of runs with one subject. The time and the head up to which a list is stored are kept once
 * for each list.
 */
export async function releaseCursors(sql: Sql, installationId: bigint, now: Date): Promise<void> {
  await sql.query(RELEASE, [installationId, now], "sync-release-cursors");
}
