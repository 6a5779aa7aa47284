import { z } from "zod";
import type { Sql } from "../store.js";

const Row = z.object({ queue: z.string(), status: z.string(), count: z.coerce.number() });
export type JobCount = z.infer<typeof Row>;

/** How many rows of each queue are in each status; `failed` rows are the dead letters. */
export async function countJobs(sql: Sql): Promise<readonly JobCount[]> {
  const rows = await sql.query(
    "SELECT queue, status, count(*) FROM jobs GROUP BY queue, status ORDER BY queue, status",
  );
  return rows.map((row) => Row.parse(row));
}
