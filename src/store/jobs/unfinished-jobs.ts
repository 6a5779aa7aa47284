import { z } from "zod";
import type { Sql } from "../store.js";

/** Which of these jobs wait or run for an installation. */
export async function unfinishedJobs(
  sql: Sql,
  installationId: bigint,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query(
    `SELECT DISTINCT name FROM jobs
     WHERE installation_id = $1 AND name = ANY($2) AND status IN ('waiting', 'running')`,
    [installationId, names],
  );
  return new Set(rows.map(({ name }) => z.string().parse(name)));
}
