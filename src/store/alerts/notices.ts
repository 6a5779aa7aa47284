import { z } from "zod";
import { SEVERITIES, type Severity } from "../../health/alerts/incident.js";
import { type AlertPolicy, SAYINGS, type Saying } from "../../health/alerts/policy.js";
import type { Sql } from "../store.js";
import { type Alert, AlertRow } from "./alert-row.js";

/** An incident, with the messages that one sink has received. */
export interface NoticeRow {
  readonly alert: Alert;
  readonly said: Saying | null;
  readonly saidAt: Date | null;
  readonly saidSeverity: Severity | null;
  /** How many messages the sink has received. */
  readonly times: number;
  /** Failures in a row. */
  readonly attempts: number;
}

const Told = z.object({
  said: z.enum(SAYINGS).nullable(),
  said_at: z.date().nullable(),
  said_severity: z.enum(SEVERITIES).nullable(),
  times: z.int(),
  attempts: z.int(),
});

/** Resolved incidents older than this are not sent: the sink was unavailable for days. */
const FORGOTTEN_DAYS = 7;
const MOST_AT_ONCE = 200;

/** The rule of `dueMessage` in SQL, so that incidents without a new message do not fill the page. */
const WANTED = `
  SELECT a.*, n.said, n.said_at, n.said_severity, COALESCE(n.times, 0) AS times, COALESCE(n.attempts, 0) AS attempts
  FROM alerts a LEFT JOIN alert_notices n ON n.alert_id = a.id AND n.sink = $1
  WHERE (a.status = 'open' AND CASE
           WHEN n.said IS NULL OR n.said IN ('recovered', 'lapsed') OR n.said_at IS NULL THEN a.opened_at <= $4
           ELSE n.said_at <= $5 OR array_position($7::text[], a.severity) < array_position($7::text[], n.said_severity) END
      OR a.status = 'resolved' AND a.kind <> 'notice' AND n.said IN ('opened', 'worse', 'reminded')
         AND a.resolved_at <= $6 AND a.resolved_at > $2::timestamptz - interval '${FORGOTTEN_DAYS} days'
      OR $3 AND a.status = 'resolved' AND a.kind = 'notice' AND n.said IS NULL
         AND a.opened_at <= $4 AND a.resolved_at > $2::timestamptz - interval '1 day')
    AND (n.retry_at IS NULL OR n.retry_at <= $2) AND (n.locked_until IS NULL OR n.locked_until <= $2)
  ORDER BY a.id LIMIT ${MOST_AT_ONCE}`;

/** The first incidents with a message for this sink now; the policy decides which message. */
export async function noticesWanted(
  sql: Sql,
  sink: { readonly name: string; readonly takesNotices: boolean },
  now: Date,
  { groupMs, repeatMs, quietMs }: AlertPolicy,
): Promise<readonly NoticeRow[]> {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  const since = [before(groupMs), before(repeatMs), before(quietMs)];
  const rows = await sql.query(WANTED, [sink.name, now, sink.takesNotices, ...since, SEVERITIES]);
  return rows.map((row) => {
    const { said, said_at: saidAt, said_severity: saidSeverity, times, attempts } = Told.parse(row);
    return { alert: AlertRow.parse(row), said, saidAt, saidSeverity, times, attempts };
  });
}

const CLAIM = `
  INSERT INTO alert_notices AS n (alert_id, sink, installation_id, locked_until)
  VALUES ($1, $2, $3, $5)
  ON CONFLICT (alert_id, sink) DO UPDATE SET locked_until = $5
    WHERE (n.locked_until IS NULL OR n.locked_until <= $4) AND n.times = $6
  RETURNING alert_id`;

/** Claims a message for this process until the given time. False: another process is sending it, or has sent it. */
export async function claimNotice(sql: Sql, sink: string, row: NoticeRow, now: Date, until: Date): Promise<boolean> {
  const { alert, times } = row;
  return (await sql.query(CLAIM, [alert.id, sink, alert.installationId, now, until, times])).length > 0;
}

/** Records that the sink received the message. */
export async function noticeSent(
  sql: Sql,
  sink: string,
  alert: Pick<Alert, "id" | "severity">,
  said: Saying,
  now: Date,
): Promise<void> {
  await sql.query(
    `UPDATE alert_notices SET said = $3, said_at = $4, said_severity = $5, times = times + 1, attempts = 0, retry_at = NULL,
       locked_until = NULL, error = NULL WHERE alert_id = $1 AND sink = $2`,
    [alert.id, sink, said, now, alert.severity],
  );
}

/** Records that the sink could not be reached, and when to retry. */
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
