import { z } from "zod";
import type { Sql } from "../store.js";
import { DRIFT_CAUSES } from "./ledger.js";

const count = z.coerce.number();
const seconds = z.coerce.number().nullable();
const Row = z.object({
  cause: z.enum(DRIFT_CAUSES),
  lost: count,
  healed_by_redelivery: count,
  healed_by_sync: count,
  open: count,
  given_up: count,
  /** From the first attempt until the loss was recovered. */
  median_seconds: seconds,
  longest_seconds: seconds,
  oldest_open: z.date().nullable(),
});
/** The losses with one cause, by result. */
export type DriftSummary = z.infer<typeof Row>;

/** The losses since a time, of one installation or (null) of all. */
export async function summarizeDrift(
  sql: Sql,
  { since, installationId }: { readonly since: Date; readonly installationId: bigint | null },
): Promise<readonly DriftSummary[]> {
  const rows = await sql.query(
    `SELECT cause, count(*) AS lost,
       count(*) FILTER (WHERE healed_by = 'redelivery') AS healed_by_redelivery,
       count(*) FILTER (WHERE healed_by = 'sync') AS healed_by_sync,
       count(*) FILTER (WHERE status IN ('missing', 'asked', 'syncing')) AS open,
       count(*) FILTER (WHERE status = 'given-up') AS given_up,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(epoch FROM healed_at - lost_at)) AS median_seconds,
       max(EXTRACT(epoch FROM healed_at - lost_at)) AS longest_seconds,
       min(lost_at) FILTER (WHERE status IN ('missing', 'asked', 'syncing')) AS oldest_open
     FROM drift_ledger WHERE lost_at >= $1 AND ($2::bigint IS NULL OR installation_id = $2)
     GROUP BY cause ORDER BY cause`,
    [since, installationId],
  );
  return rows.map((row) => Row.parse(row));
}
