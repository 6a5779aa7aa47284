import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({ node_id: z.string(), id: z.coerce.number() });

/** The known numeric ids of a repository's labels, by node id. */
export async function labelNumbersByNode(
  sql: Sql,
  repositoryId: number,
  nodeIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query(
    "SELECT node_id, id::text AS id FROM labels WHERE repository_id = $1 AND node_id = ANY($2::text[])",
    [repositoryId, nodeIds],
  );
  return new Map(rows.map((row) => Row.parse(row)).map(({ node_id, id }) => [node_id, id]));
}
