import { z } from "zod";
import { STATE_COLUMNS } from "../deployments/environments.js";
import type { Sql } from "../store.js";
import { ASKED_BY } from "../sync/runs.js";

const id = z.coerce.bigint().nullable();
const count = z.coerce.number();

/** Work of one kind in one installation that ended as dead letters, or that fails repeatedly. */
const Failing = z.object({
  installation_id: id,
  account: z.string().nullable(),
  account_type: z.string().nullable(),
  name: z.string(),
  error_kind: z.string().nullable(),
  error: z.string().nullable(),
  failures: count,
  /** The latest delivery that planned it; null: none. Only for dead letters. */
  delivery: z.string().nullable().default(null),
});
export type FailingWork = z.infer<typeof Failing>;

const StuckSync = z.object({
  installation_id: z.coerce.bigint(),
  account: z.string().nullable(),
  mode: z.string(),
  reason: z.string().nullable(),
});
export type StuckSync = z.infer<typeof StuckSync>;

const Agent = z.object({ name: z.string(), ended: count, failed: count, error: z.string().nullable() });
export type AgentRuns = z.infer<typeof Agent>;

const Limited = z.object({
  installation_id: z.coerce.bigint(),
  account: z.string().nullable(),
  waiting: count,
  until: z.date(),
});
export type LimitedInstallation = z.infer<typeof Limited>;

const StuckDeployment = z.object({
  installation_id: z.coerce.bigint(),
  account: z.string().nullable(),
  repository: z.string(),
  environment: z.string(),
  id: z.coerce.bigint(),
  state: z.string(),
  minutes: z.coerce.number(),
});
export type StuckDeployment = z.infer<typeof StuckDeployment>;

/** The time range: recent rows, or all rows. */
export type LookBack = "lately" | "ever";

/** The current problems in the tables, before any judgement. */
export interface Findings {
  /** Dead letters: jobs and deliveries. */
  readonly deadLetters: readonly FailingWork[];
  /** Work that waits for its next attempt after several failures. */
  readonly retrying: readonly FailingWork[];
  /** Syncs whose latest run failed, or that did not start or progress in time. */
  readonly stuckSyncs: readonly StuckSync[];
  /** Environments whose latest deployment has had no result for too long. */
  readonly stuckDeployments: readonly StuckDeployment[];
  /** The latest runs of each agent. */
  readonly agents: readonly AgentRuns[];
  /** Installations whose work waits for a rate limit. */
  readonly limited: readonly LimitedInstallation[];
}

const ACCOUNT = "(SELECT account_login FROM installations i WHERE i.id = w.installation_id) AS account";

const ACCOUNT_TYPE = "(SELECT account_type FROM installations i WHERE i.id = w.installation_id) AS account_type";

const LATEST_ERROR = "(array_agg(w.error ORDER BY w.id DESC))[1] AS error";

const LATEST_DELIVERY =
  "(array_agg(w.delivery ORDER BY w.id DESC) FILTER (WHERE w.delivery IS NOT NULL))[1] AS delivery";

/** Jobs without a delivery are planned regularly: a later successful run replaces the failed one. */
const DEAD = `
  SELECT w.installation_id, ${ACCOUNT}, ${ACCOUNT_TYPE}, w.name, w.error_kind, ${LATEST_ERROR}, count(*) AS failures,
    ${LATEST_DELIVERY} FROM (
    SELECT id, installation_id, name, error_kind, error, delivery_guid AS delivery FROM jobs j
      WHERE status = 'failed' AND finished_at > $1 AND NOT EXISTS (
        SELECT FROM jobs later WHERE j.delivery_guid IS NULL AND later.name = j.name AND later.key = j.key
          AND later.finished_at > j.finished_at AND later.status = 'done')
    UNION ALL
    SELECT id, installation_id, 'delivery of ' || event, error_kind, error, guid FROM deliveries
      WHERE status = 'failed' AND processed_at > $1
  ) w GROUP BY w.installation_id, w.name, w.error_kind ORDER BY w.installation_id, w.name, w.error_kind`;

/** Authentication failures are reported at once, because their next attempt is far away. */
const RETRYING = `
  SELECT w.installation_id, ${ACCOUNT}, ${ACCOUNT_TYPE}, w.name, w.error_kind, ${LATEST_ERROR}, sum(w.attempts) AS failures FROM (
    SELECT id, installation_id, name, error_kind, error, attempts FROM jobs WHERE status = 'waiting'
    UNION ALL
    SELECT id, installation_id, 'delivery of ' || event, error_kind, error, attempts FROM deliveries WHERE status = 'retry'
  ) w WHERE w.error_kind = 'authentication' OR (w.error_kind IN ('network', 'unknown') AND w.attempts >= $1)
  GROUP BY w.installation_id, w.name, w.error_kind ORDER BY w.installation_id, w.name, w.error_kind`;

/** A person's request with a wrong name is answered directly, and is not an incident. */
const STUCK = `
  SELECT w.installation_id, ${ACCOUNT}, w.mode, CASE
      WHEN w.status = 'failed' THEN w.reason
      WHEN w.status = 'waiting' THEN 'it was asked for long ago and has not begun'
      ELSE 'its pause is over and it does not go on' END AS reason
  FROM (SELECT DISTINCT ON (installation_id, mode) * FROM sync_runs
        WHERE created_at > $2 AND NOT (mode = 'spot' AND status = 'failed' AND requested_by = ANY ($3::text[])) ORDER BY installation_id, mode, id DESC) w
  JOIN installations i ON i.id = w.installation_id AND i.deleted_at IS NULL AND i.suspended_at IS NULL
  WHERE w.status = 'failed'
     OR (w.status = 'waiting' AND w.created_at < $1::timestamptz - interval '30 minutes')
     OR (w.status = 'paused' AND w.resume_at < $1::timestamptz - interval '10 minutes')
  ORDER BY w.installation_id, w.mode`;

/**
 * Environments whose latest deployment is under way for longer than the repository's \`deployMinutes\` allow. One that
 * waits for a person's approval is not stuck.
 */
const STUCK_DEPLOYMENTS = `
  SELECT w.installation_id, ${ACCOUNT}, r.full_name AS repository, w.environment, w.id::text AS id, s.state,
    floor(extract(epoch FROM $1::timestamptz - COALESCE(s.state_at, w.created_at)) / 60) AS minutes
  FROM (SELECT DISTINCT ON (d.repository_id, d.environment) d.* FROM deployments d
        WHERE d.deleted_at IS NULL AND d.created_at > $2 AND d.created_at > $1::timestamptz - interval '7 days'
        ORDER BY d.repository_id, d.environment, d.created_at DESC, d.id DESC) w
  JOIN repositories r ON r.id = w.repository_id AND r.deleted_at IS NULL AND NOT r.archived
  JOIN installations i ON i.id = w.installation_id AND i.deleted_at IS NULL AND i.suspended_at IS NULL
  LEFT JOIN repository_settings o ON o.repository_id = w.repository_id
  CROSS JOIN LATERAL (SELECT ${STATE_COLUMNS} FROM deployment_statuses s
    WHERE s.installation_id = w.installation_id AND s.deployment_id = w.id AND s.deleted_at IS NULL) s
  WHERE s.state IN ('in_progress', 'queued', 'pending')
    AND COALESCE(s.state_at, w.created_at) < $1::timestamptz
      - COALESCE((o.settings #>> '{deployments,deployMinutes}')::int, 60) * interval '1 minute'
  ORDER BY w.installation_id, r.full_name, w.environment`;

/** The twenty latest runs of each agent, among the latest 20,000 rows of all jobs. */
const AGENTS = `
  SELECT w.name, count(*) AS ended, count(*) FILTER (WHERE w.status = 'failed') AS failed,
    (array_agg(w.error ORDER BY w.id DESC) FILTER (WHERE w.status = 'failed'))[1] AS error
  FROM (SELECT id, name, status, error, row_number() OVER (PARTITION BY name ORDER BY id DESC) AS nth FROM jobs
        WHERE queue = 'agents' AND status IN ('done', 'skipped', 'failed') AND id > (SELECT COALESCE(max(id), 0) - 20000 FROM jobs)
          AND finished_at > $1) w
  WHERE w.nth <= 20 GROUP BY w.name ORDER BY w.name`;

const LIMITED = `
  SELECT w.installation_id, ${ACCOUNT}, count(*) AS waiting, max(w.run_at) AS until FROM jobs w
  WHERE w.status = 'waiting' AND w.error_kind = 'rate-limit' AND w.run_at > $1 AND w.installation_id IS NOT NULL
  GROUP BY w.installation_id ORDER BY w.installation_id`;

const DAY_MS = 24 * 60 * 60_000;

/** Reads all findings; `repeated` is the number of attempts from which a failure counts as repeated. */
export async function readFindings(
  sql: Sql,
  now: Date,
  repeated: number,
  lookBack: LookBack = "lately",
): Promise<Findings> {
  const since = (days: number): Date => new Date(lookBack === "ever" ? 0 : now.getTime() - days * DAY_MS);
  return {
    deadLetters: (await sql.query(DEAD, [since(1)])).map((row) => Failing.parse(row)),
    retrying: (await sql.query(RETRYING, [repeated])).map((row) => Failing.parse(row)),
    stuckSyncs: (await sql.query(STUCK, [now, since(2), Object.values(ASKED_BY)])).map((row) => StuckSync.parse(row)),
    stuckDeployments: (await sql.query(STUCK_DEPLOYMENTS, [now, since(7)])).map((row) => StuckDeployment.parse(row)),
    agents: (await sql.query(AGENTS, [since(1)])).map((row) => Agent.parse(row)),
    limited: (await sql.query(LIMITED, [now])).map((row) => Limited.parse(row)),
  };
}
