import { z } from "zod";
import { SAYINGS, type Saying } from "../../health/alerts/policy.js";
import type { Sql } from "../store.js";
import { type Alert, AlertRow } from "./alert-row.js";

/** An incident, and what one sink knows of it. */
export interface NoticeRow {
  readonly alert: Alert;
  readonly said: Saying | null;
  readonly saidAt: Date | null;
  /** How often the sink was told. */
  readonly times: number;
  /** Failures in a row. */
  readonly attempts: number;
}

const Told = z.object({
  said: z.enum(SAYINGS).nullable(),
  said_at: z.date().nullable(),
  times: z.int(),
  attempts: z.int(),
});

/** After so long a sink is not told of what is over: it was away for days. */
const FORGOTTEN_DAYS = 7;
const MOST_AT_ONCE = 200;

const WANTED = `
  SELECT a.*, n.said, n.said_at, COALESCE(n.times, 0) AS times, COALESCE(n.attempts, 0) AS attempts
  FROM alerts a LEFT JOIN alert_notices n ON n.alert_id = a.id AND n.sink = $1
  WHERE (a.status = 'open' OR (a.kind = 'notice' AND n.said IS NULL AND a.opened_at > $2::timestamptz - interval '1 day')
      OR (n.said IN ('opened', 'reminded')
      AND a.resolved_at > $2::timestamptz - interval '${FORGOTTEN_DAYS} days'))
    AND (n.retry_at IS NULL OR n.retry_at <= $2) AND (n.locked_until IS NULL OR n.locked_until <= $2)
  ORDER BY a.id LIMIT ${MOST_AT_ONCE}`;

/** The incidents of which this sink might have to be told something; the policy decides. */
export async function noticesWanted(sql: Sql, sink: string, now: Date): Promise<readonly NoticeRow[]> {
  const rows = await sql.query(WANTED, [sink, now]);
  return rows.map((row) => {
    const { said, said_at: saidAt, times, attempts } = Told.parse(row);
    return { alert: AlertRow.parse(row), said, saidAt, times, attempts };
  });
}

const CLAIM = `
  INSERT INTO alert_notices AS n (alert_id, sink, installation_id, locked_until)
  VALUES ($1, $2, $3, $5)
  ON CONFLICT (alert_id, sink) DO UPDATE SET locked_until = $5
    WHERE (n.locked_until IS NULL OR n.locked_until <= $4) AND n.times = $6
  RETURNING alert_id`;

/** Takes a notice for this process until then. False: another process tells it, or has told it meanwhile. */
export async function claimNotice(sql: Sql, sink: string, row: NoticeRow, now: Date, until: Date): Promise<boolean> {
  const { alert, times } = row;
  return (await sql.query(CLAIM, [alert.id, sink, alert.installationId, now, until, times])).length > 0;
}

/** The sink has been told. */
export async function noticeSent(sql: Sql, sink: string, alertId: bigint, said: Saying, now: Date): Promise<void> {
  await sql.query(
    `UPDATE alert_notices SET said = $3, said_at = $4, times = times + 1, attempts = 0, retry_at = NULL, locked_until = NULL,
       error = NULL WHERE alert_id = $1 AND sink = $2`,
    [alertId, sink, said, now],
  );
}

/** The sink could not be told; to be tried again then. */
export async function noticeFailed(
  sql: Sql,
  sink: string,
  alertId: bigint,
  failure: { readonly error: string; readonly retryAt: Date },
): Promise<void> {
  await sql.query(
    `UPDATE alert_notices SET attempts = attempts + 1, error = $3, retry_at = $4, locked_until = NULL
     WHERE alert_id = $1 AND sink = $2`,
    [alertId, sink, failure.error, failure.retryAt],
  );
}
