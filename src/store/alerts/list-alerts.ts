import { z } from "zod";
import type { AlertKind } from "../../health/alerts/incident.js";
import type { Sql } from "../store.js";
import { type Alert, ALERT_COLUMNS, AlertRow } from "./alert-row.js";

/** The open incidents of some kinds or of all, oldest first. */
export async function openAlerts(sql: Sql, kinds: readonly AlertKind[] | null = null): Promise<readonly Alert[]> {
  const rows = await sql.query(
    `SELECT ${ALERT_COLUMNS} FROM alerts WHERE status = 'open' AND ($1::text[] IS NULL OR kind = ANY ($1)) ORDER BY id`,
    [kinds],
  );
  return rows.map((row) => AlertRow.parse(row));
}

/** The latest incidents, open ones first: of one installation and the whole app, or of all. */
export async function latestAlerts(sql: Sql, installationId: bigint | null, limit: number): Promise<readonly Alert[]> {
  const rows = await sql.query(
    `SELECT ${ALERT_COLUMNS} FROM alerts
     WHERE $1::bigint IS NULL OR installation_id IS NULL OR installation_id = $1
     ORDER BY status = 'open' DESC, id DESC LIMIT $2`,
    [installationId, limit],
  );
  return rows.map((row) => AlertRow.parse(row));
}

const Unsent = z
  .object({
    alert_id: z.coerce.bigint(),
    sink: z.string(),
    title: z.string(),
    attempts: z.int(),
    retry_at: z.date().nullable(),
    error: z.string(),
  })
  .transform((row) => ({
    alertId: row.alert_id,
    sink: row.sink,
    title: row.title,
    attempts: row.attempts,
    retryAt: row.retry_at,
    error: row.error,
  }));
export type UnsentNotice = z.output<typeof Unsent>;

/**
 * The alerts that could not be sent yet, with the reason: of one installation and the whole app, or of all. Shown
 * together with the health.
 */
export async function unsentNotices(sql: Sql, installationId: bigint | null = null): Promise<readonly UnsentNotice[]> {
  const rows = await sql.query(
    `SELECT n.alert_id, n.sink, a.title, n.attempts, n.retry_at, n.error FROM alert_notices n JOIN alerts a ON a.id = n.alert_id
     WHERE n.error IS NOT NULL AND ($1::bigint IS NULL OR a.installation_id IS NULL OR a.installation_id = $1)
     ORDER BY n.alert_id, n.sink`,
    [installationId],
  );
  return rows.map((row) => Unsent.parse(row));
}
