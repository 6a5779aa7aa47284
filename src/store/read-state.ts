import { z } from "zod";
import type { Counted, State } from "../telemetry/state.js";
import { ROUTER } from "./events/cursors.js";
import { dueAt } from "./jobs/due.js";
import type { Sql } from "./store.js";

const Row = z.object({ value: z.coerce.number() }).catchall(z.string());

const INBOX = `
  SELECT count(*) AS value, COALESCE(EXTRACT(epoch FROM $1::timestamptz - min(received_at)), 0)::float AS oldest
  FROM deliveries WHERE status IN ('received', 'processing', 'retry')`;

const JOBS = `SELECT queue, status, count(*) AS value FROM jobs WHERE status IN ('waiting', 'running', 'failed')
  GROUP BY queue, status`;

const OLDEST_JOBS = `
  SELECT queue, EXTRACT(epoch FROM $1::timestamptz - min(run_at))::float AS value FROM jobs
  WHERE ${dueAt("$1")} GROUP BY queue`;

/** An installation's state is the worst of its checks and of its open incidents. */
const HEALTH = `
  SELECT status, count(*) AS value FROM (
    SELECT CASE WHEN bool_or(w.worst = 'unhealthy') THEN 'unhealthy' WHEN bool_or(w.worst = 'degraded') THEN 'degraded'
      WHEN bool_or(w.worst = 'unknown') THEN 'unknown' ELSE 'healthy' END AS status
    FROM installations i LEFT JOIN (
      SELECT installation_id, CASE severity WHEN 'critical' THEN 'unhealthy' WHEN 'warning' THEN 'degraded' END AS worst
      FROM alerts WHERE status = 'open'
      UNION ALL SELECT installation_id, state FROM health_checks) w ON w.installation_id = i.id
    WHERE i.deleted_at IS NULL GROUP BY i.id) h GROUP BY status`;

const PASS = `SELECT GREATEST(0, EXTRACT(epoch FROM $1::timestamptz - max(checked_at)))::float AS age
  FROM health_checks WHERE scope = 'app' HAVING count(*) > 0`;

const BUDGETS = `
  SELECT resource, count(*) FILTER (WHERE blocked_until > $1 OR (remaining = 0 AND reset_at > $1)) AS value
  FROM rate_budgets GROUP BY resource`;

const SYNCS = `SELECT status, count(*) AS value FROM sync_runs WHERE status IN ('waiting', 'running', 'paused') GROUP BY status`;

const ALERTS = "SELECT kind, severity, count(*) AS value FROM alerts WHERE status = 'open' GROUP BY kind, severity";

const UNSENT = "SELECT sink, count(*) AS value FROM alert_notices WHERE error IS NOT NULL GROUP BY sink";

const EVENTS_BEHIND = `
  SELECT c.name AS reader, GREATEST(COALESCE(CASE WHEN c.name = '${ROUTER}' THEN (SELECT max(id) FROM deliveries)
    ELSE (SELECT max(id) FROM events) END, 0) - c.position, 0) AS value FROM event_cursors c`;

const EVENT_DEAD_LETTERS =
  "SELECT sink, count(*) AS value FROM event_dead_letters WHERE retried_at IS NULL GROUP BY sink";

/** The database metrics: work of all processes, by name and never by tenant. */
export async function readState(sql: Sql, now: Date): Promise<State> {
  const [inbox] = await sql.query(INBOX, [now]);
  const { value, oldest } = z.object({ value: z.coerce.number(), oldest: z.number() }).parse(inbox);
  const [pass] = await sql.query(PASS, [now]);
  return {
    inboxPending: value,
    inboxOldestSeconds: oldest,
    passAgeSeconds: pass ? z.number().parse(pass["age"]) : null,
    jobs: await counted(sql, JOBS),
    oldestJobs: await counted(sql, OLDEST_JOBS, [now]),
    health: withZeros(await counted(sql, HEALTH), ["healthy", "unknown", "degraded", "unhealthy"]),
    budgets: await counted(sql, BUDGETS, [now]),
    syncs: await counted(sql, SYNCS),
    alerts: await counted(sql, ALERTS),
    unsent: await counted(sql, UNSENT),
    eventsBehind: await counted(sql, EVENTS_BEHIND),
    eventDeadLetters: await counted(sql, EVENT_DEAD_LETTERS),
  };
}

async function counted(sql: Sql, query: string, values: readonly unknown[] = []): Promise<readonly Counted[]> {
  return (await sql.query(query, values)).map((row) => {
    const { value, ...labels } = Row.parse(row);
    return { value, labels };
  });
}

/** A status without installations is 0, and not missing. */
function withZeros(found: readonly Counted[], statuses: readonly string[]): readonly Counted[] {
  return statuses.map(
    (status) => found.find(({ labels }) => labels["status"] === status) ?? { labels: { status }, value: 0 },
  );
}
