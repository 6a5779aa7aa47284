import { expect, test } from "vitest";
import { z } from "zod";
import { SEVERITIES } from "../../src/health/alerts/incident.js";
import { ALERT_POLICY, SAYINGS, dueMessage } from "../../src/health/alerts/policy.js";
import { noticesWanted } from "../../src/store/alerts/notices.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { sql } = store;
const now = new Date("2026-03-02T08:00:00Z");
const { groupMs, quietMs, repeatMs } = ALERT_POLICY;

/** Both sides of each limit of the policy. */
const AGES = [0, groupMs - 1, groupMs, quietMs - 1, quietMs, repeatMs - 1, repeatMs].map((ms) => `${ms} ms`);

const Standing = z
  .object({
    kind: z.string(),
    severity: z.enum(SEVERITIES),
    lapsed: z.boolean(),
    opened_at: z.date(),
    resolved_at: z.date().nullable(),
    said: z.enum(SAYINGS).nullable(),
    said_at: z.date().nullable(),
    said_severity: z.enum(SEVERITIES).nullable(),
  })
  .transform((row) => ({
    isNotice: row.kind === "notice",
    severity: row.severity,
    lapsed: row.lapsed,
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at,
    said: row.said,
    saidAt: row.said_at,
    saidSeverity: row.said_severity,
  }));

const FILL = `
  WITH standings AS (
    SELECT row_number() OVER () AS id, * FROM
      (VALUES ('health', 'open', false), ('health', 'resolved', false), ('health', 'resolved', true), ('notice', 'resolved', false))
        a (kind, status, lapsed),
      unnest($2::text[]) age, unnest($3::text[]) severity,
      (SELECT NULL AS said, NULL AS said_age, NULL AS said_severity
       UNION ALL SELECT said, said_age, said_severity FROM unnest($4::text[]) said, unnest($2::text[]) said_age,
         unnest($3::text[] || NULL::text) said_severity) n
  ), alert AS (
    INSERT INTO alerts (id, dedupe_key, kind, status, severity, lapsed, title, detail, remedy, opened_at, last_seen_at, resolved_at)
    SELECT id, id, kind, status, severity, lapsed, '', '', '', $1::timestamptz - age::interval, $1, CASE WHEN status = 'resolved' THEN $1::timestamptz - age::interval END
    FROM standings
  )
  INSERT INTO alert_notices (alert_id, sink, said, said_at, said_severity)
  SELECT id, 'a sink', said, $1::timestamptz - said_age::interval, said_severity FROM standings WHERE said IS NOT NULL`;

test.each([true, false])("the database and the policy choose the same messages (notices: %s)", async (takesNotices) => {
  await sql.query("TRUNCATE alerts, alert_notices");
  await sql.query(FILL, [now, AGES, SEVERITIES, SAYINGS]);
  const rows = await sql.query(
    "SELECT a.*, n.said, n.said_at, n.said_severity FROM alerts a LEFT JOIN alert_notices n ON n.alert_id = a.id",
  );
  expect(rows.length).toBe(4 * AGES.length * 3 * (1 + SAYINGS.length * AGES.length * 4));
  const wanted = new Set<string>();
  for (const row of rows) {
    const { isNotice, ...standing } = Standing.parse(row);
    if (isNotice && !takesNotices) continue;
    if (dueMessage({ ...standing, isNotice }, now, ALERT_POLICY)) wanted.add(String(row["id"]));
  }
  const found = new Set<string>();
  for (;;) {
    const page = await noticesWanted(sql, { name: "a sink", takesNotices }, now, ALERT_POLICY);
    for (const { alert } of page) found.add(String(alert.id));
    if (page.length === 0) break;
    await sql.query("DELETE FROM alerts WHERE id = ANY ($1)", [page.map(({ alert }) => alert.id)]);
  }
  expect(wanted.size).toBeGreaterThan(1_000);
  expect(found).toEqual(wanted);
});

test("deletes incidents resolved for a week, and yesterday's notices", async () => {
  await sql.query("TRUNCATE alerts, alert_notices");
  await sql.query(FILL, [now, ["8 days"], ["warning"], ["opened"]]);
  const found = await noticesWanted(sql, { name: "a sink", takesNotices: true }, now, ALERT_POLICY);
  expect(found.map(({ alert }) => alert.status)).toEqual(["open", "open", "open"]);
});
