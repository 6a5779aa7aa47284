import type { Sql } from "../store.js";

/** No run's: what the lists of a repository are known by when the runs that were about it alone are over. */
const KEPT = "kept";

/** Whoever asked for a run notes its number a moment later, and wants to know why nothing was read. */
const ASKED_FOR = "interval '1 hour'";

/** A run with a subject has a lane of its own, which no other run will ever go on with. */
const OVER = `c.installation_id = $1 AND c.lane LIKE '% %'
  AND NOT EXISTS (SELECT FROM sync_runs r WHERE r.id = c.run_id AND r.finished_at IS NULL)`;

/**
 * Of what serves nobody: lists that were read, work that was handed on and that nobody has before him any more, and what was
 * left alone, once no loss waits to be told so. What was given up waits for the run that takes it.
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
 * Removes what runs of one subject have left behind and serves nobody. Up to when their lists are stored, and from which
 * head on, is kept once for each list.
 */
export async function releaseCursors(sql: Sql, installationId: bigint, now: Date): Promise<void> {
  await sql.query(RELEASE, [installationId, now], "sync-release-cursors");
}
