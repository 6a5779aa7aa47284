// The overview's figures: SQL aggregates, each over a bounded range of an index.
import { z } from "zod";
import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";

const count = z.coerce.number();

/** The most rows counted for a chart of the last hour, newest first. */
const COUNTED = 50_000;

const Minute = z.object({ at: z.date(), arrived: count, failed: count, median_ms: z.coerce.number().nullable() });
export type Minute = z.output<typeof Minute>;

const idsOf = ({ installations }: Scope): readonly bigint[] => installations.map(({ id }) => id);

/** Deliveries by minute since `from`, oldest first; a minute without any is 0. */
export async function deliveriesByMinute(sql: Sql, scope: Scope, from: Date, to: Date): Promise<readonly Minute[]> {
  const rows = await sql.query(
    `SELECT m AS at, count(d.status) AS arrived, count(*) FILTER (WHERE d.status = 'failed') AS failed,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM d.processed_at - d.received_at) * 1000) AS median_ms
     FROM generate_series(date_trunc('minute', $2::timestamptz), date_trunc('minute', $3::timestamptz), interval '1 minute') m
     LEFT JOIN (SELECT status, received_at, processed_at FROM deliveries WHERE received_at >= date_trunc('minute', $2::timestamptz)
       AND ($1::bigint[] IS NULL OR installation_id = ANY ($1)) ORDER BY received_at DESC LIMIT ${COUNTED}) d
       ON date_trunc('minute', d.received_at) = m
     GROUP BY m ORDER BY m`,
    [scope.operator ? null : idsOf(scope), from, to],
  );
  return rows.map((row) => Minute.parse(row));
}

const Budget = z.object({
  installation_id: z.coerce.bigint(),
  account: z.string(),
  resource: z.string(),
  quota_limit: z.number().nullable(),
  remaining: z.number().nullable(),
  reset_at: z.date().nullable(),
  blocked_until: z.date().nullable(),
});

/** A rate limit, and how long the rest lasts at this hour's rate. */
export type Quota = z.output<typeof Budget> & {
  /** The share left, from 0 to 1; null: unlimited. */
  readonly share: number | null;
  readonly forecast: string;
};

const HOUR_MS = 3_600_000;

export async function quotas(sql: Sql, scope: Scope, now: Date): Promise<readonly Quota[]> {
  const rows = await sql.query(
    `SELECT b.installation_id::text, i.account_login AS account, b.resource, b.quota_limit, b.remaining, b.reset_at, b.blocked_until
     FROM rate_budgets b JOIN installations i ON i.id = b.installation_id
     WHERE b.installation_id = ANY ($1::bigint[]) AND i.deleted_at IS NULL ORDER BY i.account_login, b.resource`,
    [idsOf(scope)],
  );
  return rows
    .map((row) => Budget.parse(row))
    .map((budget) => ({ ...budget, share: shareOf(budget, now), forecast: forecastOf(budget, now) }));
}

function shareOf(
  { quota_limit: limit, remaining, reset_at: reset }: z.output<typeof Budget>,
  now: Date,
): number | null {
  if (limit === null || remaining === null || limit === 0) return null;
  return reset !== null && reset < now ? 1 : remaining / limit;
}

/** The remainder at the reset, if the rate stays the same. */
export function forecastOf(
  budget: Pick<z.output<typeof Budget>, "quota_limit" | "remaining" | "reset_at" | "blocked_until">,
  now: Date,
): string {
  const { quota_limit: limit, remaining, reset_at: reset, blocked_until: blocked } = budget;
  if (blocked !== null && blocked > now) return `paused until ${clockOf(blocked)}`;
  if (limit === null || remaining === null || reset === null) return "no limit is known";
  if (reset <= now) return "full again";
  const elapsed = HOUR_MS - (reset.getTime() - now.getTime());
  const used = limit - remaining;
  if (elapsed <= 0 || used <= 0) return `full until ${clockOf(reset)}`;
  const lastsMs = (remaining * elapsed) / used;
  if (now.getTime() + lastsMs < reset.getTime())
    return `at this rate used up at ${clockOf(new Date(now.getTime() + lastsMs))}; resets at ${clockOf(reset)}`;
  const left = Math.round(limit - (used / elapsed) * HOUR_MS);
  return `lasts: about ${left.toLocaleString("en-US")} left at the reset, ${clockOf(reset)}`;
}

function clockOf(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`;
}

const Totals = z.object({
  pending: count,
  failed: count,
  failed_jobs: count,
  runs: count,
  reviews: count,
  skipped: count,
  found: count,
  fixed: count,
  written: count,
  blocked: count,
});
export type Totals = z.output<typeof Totals>;

/** Waiting and failed work, and the agents' results since `since`. */
export async function totals(sql: Sql, scope: Scope, since: Date): Promise<Totals> {
  const [row] = await sql.query(
    `SELECT
       (SELECT count(*) FROM deliveries WHERE status IN ('received', 'processing', 'retry')) AS pending,
       (SELECT count(*) FROM deliveries WHERE status = 'failed' AND ($3 OR installation_id = ANY ($1))) AS failed,
       (SELECT count(*) FROM jobs WHERE status = 'failed' AND ($3 OR installation_id = ANY ($1))) AS failed_jobs,
       r.runs, r.reviews, r.skipped, f.found, f.fixed, e.written, e.blocked
     FROM (SELECT count(*) AS runs, count(*) FILTER (WHERE status = 'done' AND skipped IS NULL) AS reviews,
         count(*) FILTER (WHERE skipped IS NOT NULL) AS skipped
       FROM agent_runs WHERE installation_id = ANY ($1) AND created_at >= $2) r,
       (SELECT count(*) AS found, count(*) FILTER (WHERE state = 'fixed') AS fixed
       FROM findings WHERE installation_id = ANY ($1) AND created_at >= $2 AND NOT shadow) f,
       (SELECT count(*) FILTER (WHERE status IN ('done', 'adopted')) AS written, count(*) FILTER (WHERE status = 'blocked') AS blocked
       FROM effects WHERE installation_id = ANY ($1) AND created_at >= $2) e`,
    [idsOf(scope), since, scope.operator],
  );
  return Totals.parse(row);
}

const Fresh = z.object({
  installation_id: z.coerce.bigint(),
  account: z.string(),
  finished_at: z.date().nullable(),
  status: z.string().nullable(),
  repositories: count,
  pulls: count,
});
export type Freshness = z.output<typeof Fresh>;

/** When each installation was last read completely. */
export async function syncFreshness(sql: Sql, scope: Scope): Promise<readonly Freshness[]> {
  const rows = await sql.query(
    `SELECT i.id::text AS installation_id, i.account_login AS account, s.finished_at, l.status,
       (SELECT count(*) FROM repositories r WHERE r.installation_id = i.id AND r.deleted_at IS NULL AND r.access_removed_at IS NULL) AS repositories,
       (SELECT count(*) FROM (SELECT 1 FROM pull_requests p WHERE p.installation_id = i.id AND p.state = 'open' LIMIT 10000) o) AS pulls
     FROM installations i
     LEFT JOIN LATERAL (SELECT finished_at FROM sync_runs WHERE installation_id = i.id AND status LIKE 'completed%'
       ORDER BY created_at DESC LIMIT 1) s ON true
     LEFT JOIN LATERAL (SELECT status FROM sync_runs WHERE installation_id = i.id ORDER BY created_at DESC LIMIT 1) l ON true
     WHERE i.id = ANY ($1::bigint[]) AND i.deleted_at IS NULL ORDER BY i.account_login`,
    [idsOf(scope)],
  );
  return rows.map((row) => Fresh.parse(row));
}
