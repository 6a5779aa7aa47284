import { redact } from "../../log.js";
import type { Sql } from "../store.js";
import { type Alert, ALERT_COLUMNS, AlertRow } from "./alert-row.js";

/** Resolves an incident; null when none is open under that key. The message is sent after the quiet time. */
export function resolveAlert(sql: Sql, key: string, reason: string, now: Date): Promise<Alert | null> {
  return end(sql, key, { reason, lapsed: false }, now);
}

/**
 * Ends an incident that is too old to watch although its cause was not fixed. People are not told that it recovered.
 */
export function lapseAlert(sql: Sql, key: string, reason: string, now: Date): Promise<Alert | null> {
  return end(sql, key, { reason, lapsed: true }, now);
}

async function end(
  sql: Sql,
  key: string,
  how: { readonly reason: string; readonly lapsed: boolean },
  now: Date,
): Promise<Alert | null> {
  const [row] = await sql.query(
    `UPDATE alerts SET status = 'resolved', resolved_at = $2, resolved_reason = $3, lapsed = $4
     WHERE dedupe_key = $1 AND status = 'open' RETURNING ${ALERT_COLUMNS}`,
    [key, now, redact(how.reason), how.lapsed],
  );
  return row ? AlertRow.parse(row) : null;
}
