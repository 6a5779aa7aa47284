import { z } from "zod";
import { ALERT_KINDS, SEVERITIES } from "../../health/alerts/incident.js";

export const ALERT_COLUMNS = `id, installation_id, dedupe_key, kind, severity, title, detail, remedy, status, occurrences,
  reopened, opened_at, last_seen_at, resolved_at, resolved_reason, lapsed`;

/** One incident, as stored. */
export const AlertRow = z
  .object({
    id: z.coerce.bigint(),
    installation_id: z.coerce.bigint().nullable(),
    dedupe_key: z.string(),
    // The row may come from an older or newer version of the code.
    kind: z.enum(ALERT_KINDS).catch("health"),
    severity: z.enum(SEVERITIES).catch("warning"),
    title: z.string(),
    detail: z.string(),
    remedy: z.string(),
    status: z.enum(["open", "resolved"]),
    occurrences: z.int(),
    reopened: z.int(),
    opened_at: z.date(),
    last_seen_at: z.date(),
    resolved_at: z.date().nullable(),
    resolved_reason: z.string().nullable(),
    lapsed: z.boolean(),
  })
  .transform((row) => ({
    id: row.id,
    installationId: row.installation_id,
    key: row.dedupe_key,
    kind: row.kind,
    severity: row.severity,
    title: row.title,
    detail: row.detail,
    remedy: row.remedy,
    status: row.status,
    occurrences: row.occurrences,
    reopened: row.reopened,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    resolvedAt: row.resolved_at,
    resolvedReason: row.resolved_reason,
    /** Resolved by age only; the cause may still exist. */
    lapsed: row.lapsed,
  }));
export type Alert = z.output<typeof AlertRow>;
