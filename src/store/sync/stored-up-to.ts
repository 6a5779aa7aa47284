import { z } from "zod";
import type { Sql } from "../store.js";

/** Lists of the account that follow earlier changes. If one does not, the cost is an unnecessary read. */
const ACCOUNT_LISTS = ["search", "repositories"] as const;

/** The same for one repository, in a run about that repository alone. */
const WHOLE_LISTS = ["pull_requests", "issues", "comments", "deployments", "releases"] as const;

const Row = z.object({ at: z.date().nullable() });

/**
 * When the latest reading began that has shown, or will show, every change of a repository up to then. An older object
 * that it did not show no longer exists at GitHub. Null: no such reading.
 */
export async function storedUpTo(sql: Sql, installationId: bigint, repositoryId: number): Promise<Date | null> {
  const [row] = await sql.query(
    `SELECT max(watermark) AS at FROM sync_cursors WHERE installation_id = $1
       AND ((repository_id = 0 AND entity = ANY($3::text[])) OR (repository_id = $2 AND entity = ANY($4::text[])))`,
    [installationId, repositoryId, ACCOUNT_LISTS, WHOLE_LISTS],
    "sync-stored-up-to",
  );
  return Row.parse(row).at;
}
