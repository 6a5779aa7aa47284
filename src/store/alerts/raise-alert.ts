import { cut } from "../../text/cut.js";
import { ALERT_POLICY, type AlertPolicy } from "../../health/alerts/policy.js";
import type { Incident } from "../../health/alerts/incident.js";
import { redact } from "../../log.js";
import type { Sql } from "../store.js";
import { type Alert, ALERT_COLUMNS, AlertRow } from "./alert-row.js";

/** The result: a new incident, the open one, or one that had resolved a short while ago. */
export interface RaisedAlert {
  readonly alert: Alert;
  readonly change: "opened" | "again" | "reopened";
}

const TOLD = "installation_id = $2, severity = $4, title = $5, detail = $6, remedy = $7";
const COUNTED = "occurrences = COALESCE($8, a.occurrences + 1), last_seen_at = $9";

const REOPEN = `
  UPDATE alerts a SET status = 'open', resolved_at = NULL, resolved_reason = NULL, lapsed = false, reopened = reopened + 1,
    ${TOLD}, ${COUNTED}
  WHERE a.status = 'resolved' AND a.kind = $3
    AND a.id = (SELECT max(id) FROM alerts WHERE dedupe_key = $1)
    AND a.resolved_at > $9::timestamptz - $10::bigint * interval '1 ms'
  RETURNING ${ALERT_COLUMNS}`;

const OPEN = `
  INSERT INTO alerts AS a (dedupe_key, installation_id, kind, severity, title, detail, remedy, occurrences, opened_at, last_seen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, COALESCE($8, 1), $9, $9)
  ON CONFLICT (dedupe_key) WHERE status = 'open' DO UPDATE SET ${TOLD}, ${COUNTED}
  RETURNING ${ALERT_COLUMNS}, xmax = 0 AS inserted`;

const LONGEST_TITLE = 200;
const LONGEST_TEXT = 2_000;

/**
 * Stores a problem. The same key joins the open incident, or one that resolved within the quiet time. The `alerts`
 * schedule sends the message. May be called within a transaction, and repeatedly.
 */
export async function raiseAlert(
  sql: Sql,
  incident: Incident,
  now: Date,
  { quietMs }: Pick<AlertPolicy, "quietMs"> = ALERT_POLICY,
): Promise<RaisedAlert> {
  const values = [
    incident.key,
    incident.installationId,
    incident.kind,
    incident.severity,
    cut(redact(incident.title), LONGEST_TITLE),
    cut(redact(incident.detail), LONGEST_TEXT),
    cut(redact(incident.remedy), LONGEST_TEXT),
    incident.occurrences ?? null,
    now,
  ];
  const [reopened] = await sql.query(REOPEN, [...values, quietMs]);
  if (reopened) return { alert: AlertRow.parse(reopened), change: "reopened" };
  const [row] = await sql.query(OPEN, values);
  return { alert: AlertRow.parse(row), change: row?.["inserted"] === true ? "opened" : "again" };
}
