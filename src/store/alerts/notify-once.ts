import { cut } from "../../text/cut.js";
import { redact } from "../../log.js";
import type { Sql } from "../store.js";

/** A notice about an ordinary event. */
export interface Telling {
  /** A notice with the same key is sent once. */
  readonly key: string;
  readonly severity: "info" | "warning";
  readonly installationId: bigint;
  readonly title: string;
  readonly detail: string;
}

/**
 * Stores a notice that each sink receives once. It is stored as resolved, so it never counts as an open incident.
 * False: it was stored before.
 */
export async function notifyOnce(sql: Sql, telling: Telling, now: Date): Promise<boolean> {
  const { key, severity, installationId, title, detail } = telling;
  const rows = await sql.query(
    `INSERT INTO alerts (dedupe_key, installation_id, kind, severity, title, detail, remedy, status, opened_at, last_seen_at,
       resolved_at, resolved_reason)
     SELECT $1, $2, 'notice', $3, $4, $5, '', 'resolved', $6, $6, $6, 'a notice'
     WHERE NOT EXISTS (SELECT FROM alerts WHERE dedupe_key = $1) RETURNING id`,
    [key, installationId, severity, cut(redact(title), 200), cut(redact(detail), 2_000), now],
  );
  return rows.length > 0;
}
