import { z } from "zod";
import type { Sql } from "../store.js";

/** Lists of the account behind which runs read what changed before their beginning: should one not, a read too many is made. */
const ACCOUNT_LISTS = ["search", "repositories"] as const;

/** The same of one repository, where a run was about that alone. */
const WHOLE_LISTS = ["pull_requests", "issues", "comments", "deployments", "releases"] as const;

const Row = z.object({ at: z.date().nullable() });

/**
 * When the latest reading began that has shown, or is about to show, everything of a repository that had changed by
 * then. What is older and was not shown is not at GitHub any more. Null: there was none.
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
