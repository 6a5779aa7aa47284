import { redact } from "../../log.js";
import type { Sql } from "../store.js";
import { type Alert, ALERT_COLUMNS, AlertRow } from "./alert-row.js";

/** Stores that an incident is over; null when none is open under that key. Told after the quiet time. */
export async function resolveAlert(sql: Sql, key: string, because: string, now: Date): Promise<Alert | null> {
  const [row] = await sql.query(
    `UPDATE alerts SET status = 'resolved', resolved_at = $2, resolved_because = $3
     WHERE dedupe_key = $1 AND status = 'open' RETURNING ${ALERT_COLUMNS}`,
    [key, now, redact(because)],
  );
  return row ? AlertRow.parse(row) : null;
}
