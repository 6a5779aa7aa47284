import { z } from "zod";
import type { Sql } from "../store.js";
import { HANDED_ON } from "./cursors.js";

const number = z.coerce.number();
const Row = z.object({
  repository_id: number,
  entity: z.string(),
  lane: z.string(),
  run_id: z.string(),
  open: z.boolean(),
});

/** Lists with a full reading in progress, or with one that was given up and will be repeated. */
export interface Awaited {
  has(repositoryId: number, entity: string): boolean;
}

/** If the run of a list of repositories was given up, a later run may continue it; until then no run reads it. */
const GOES_ON = `(c.entity = ANY($3::text[])
  OR EXISTS (SELECT FROM sync_runs r WHERE r.id = c.run_id AND r.finished_at IS NULL))`;

/**
 * The lists that a run is already reading completely. While the repositories are being listed, the lists of
 * repositories that were not reached yet count too.
 */
export async function awaitedLists(
  sql: Sql,
  installationId: bigint,
  repositoryIds: readonly number[],
): Promise<Awaited> {
  const rows = await sql.query(
    `SELECT repository_id::text AS repository_id, entity, lane, run_id::text AS run_id, status IN ('pending', 'failed') AS open
     FROM sync_cursors c WHERE installation_id = $1 AND since IS NULL AND run_id IS NOT NULL
       AND (repository_id = ANY($2::bigint[])
         OR (repository_id = 0 AND entity IN ('repositories', 'totals') AND ${GOES_ON}))`,
    [installationId, repositoryIds, HANDED_ON],
    "sync-awaited",
  );
  const cursors = rows.map((row) => Row.parse(row));
  const lists = cursors.filter(({ repository_id }) => repository_id !== 0);
  const surveys = cursors.filter(({ repository_id, open }) => repository_id === 0 && open);
  const reading = new Set(lists.filter(({ open }) => open).map(keyOf));
  const planned = new Set(lists.map((list) => `${list.lane} ${list.run_id} ${keyOf(list)}`));
  return {
    has(repository_id, entity) {
      const key = keyOf({ repository_id, entity });
      return reading.has(key) || surveys.some(({ lane, run_id }) => !planned.has(`${lane} ${run_id} ${key}`));
    },
  };
}

const Planned = z.object({ id: number });

/** The repositories that became work of the full sync whose list is being read, or of the run that continues it. */
export async function plannedRepositories(sql: Sql, installationId: bigint): Promise<ReadonlySet<number>> {
  const rows = await sql.query(
    `SELECT DISTINCT c.repository_id::text AS id FROM sync_cursors c JOIN sync_cursors t ON t.installation_id = $1
       AND t.lane = c.lane AND t.run_id = c.run_id AND t.repository_id = 0 AND t.entity = 'totals' AND t.status <> 'done'
     WHERE c.installation_id = $1 AND c.entity = 'pull_requests' AND c.since IS NULL`,
    [installationId],
  );
  return new Set(rows.map((row) => Planned.parse(row).id));
}

function keyOf({ repository_id, entity }: { readonly repository_id: number; readonly entity: string }): string {
  return `${repository_id} ${entity}`;
}
