import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Store } from "../store.js";

/** The rate limits that GitHub counts separately. */
export const RESOURCES = ["graphql", "core"] as const;
export type Resource = (typeof RESOURCES)[number];

const Lease = z.object({
  token: z.string(),
  points: z.number(),
  startedAt: z.number().optional(),
  until: z.number(),
});
/**
 * A running call: its expected cost, its start, and the time after which it counts as lost (milliseconds since 1970).
 */
export type BudgetLease = z.infer<typeof Lease>;

const Row = z.object({
  quota_limit: z.number().nullable(),
  remaining: z.number().nullable(),
  reset_at: z.date().nullable(),
  blocked_until: z.date().nullable(),
  leases: z.array(Lease),
  points_at: z.date().nullable(),
  seconds_at: z.date().nullable(),
  mean_ms: z.number(),
});

/** The shared state of one rate limit of one installation. Times are milliseconds since 1970. */
export interface BudgetState {
  /** Null: unknown, or unlimited. */
  readonly limit: number | null;
  readonly remaining: number | null;
  readonly resetAt: number | null;
  /** GitHub refused a call, and named this time. */
  readonly blockedUntil: number | null;
  readonly leases: readonly BudgetLease[];
  /** Until when the points per minute are used up, at their rate. */
  readonly pointsAt: number;
  /** Until when the server time per minute is used up. */
  readonly secondsAt: number;
  /** The duration of a call at GitHub, as a moving average. */
  readonly meanMs: number;
}

const COLUMNS = "quota_limit, remaining, reset_at, blocked_until, leases, points_at, seconds_at, mean_ms";
const CREATE = "INSERT INTO rate_budgets (installation_id, resource) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const READ = `SELECT ${COLUMNS}
  FROM rate_budgets WHERE installation_id = $1 AND resource = $2`;
const WRITE = `UPDATE rate_budgets SET quota_limit = $3, remaining = $4, reset_at = $5, blocked_until = $6,
  leases = $7::jsonb, points_at = $8, seconds_at = $9, mean_ms = $10 WHERE installation_id = $1 AND resource = $2`;

/** Changes the state of a rate limit. Every process that wants to change it waits for its turn. */
export function changeBudget<T>(
  store: Store,
  installationId: bigint,
  resource: Resource,
  change: (state: BudgetState) => { readonly state: BudgetState; readonly result: T },
): Promise<T> {
  return store.transaction(async (sql) => {
    const key = [installationId, resource];
    let [row] = await sql.query(`${READ} FOR UPDATE`, key, "budget-read");
    if (!row) {
      await sql.query(CREATE, key);
      [row] = await sql.query(`${READ} FOR UPDATE`, key, "budget-read");
    }
    const { state, result } = change(stateOf(row));
    await sql.query(WRITE, [...key, ...valuesOf(state)], "budget-write");
    return result;
  });
}

const MS = "interval '1 ms'";
const ADD_LEASE = `
INSERT INTO rate_budgets AS t (installation_id, resource, leases) VALUES ($1, $2, $3::jsonb)
ON CONFLICT (installation_id, resource) DO UPDATE SET leases = t.leases || excluded.leases,
  points_at = GREATEST(t.points_at, $4) + $5::float8 * ${MS},
  seconds_at = GREATEST(t.seconds_at, $4) + t.mean_ms * $6::float8 * ${MS}
RETURNING ${COLUMNS}`;

/**
 * Records a call that does not wait for its turn, by one statement. `pointsMs`: how long its points take at their rate;
 * `secondsShare`: the share of the minute that a millisecond of server time uses. Returns the state including that
 * call.
 */
export async function addLease(
  store: Store,
  installationId: bigint,
  resource: Resource,
  call: { readonly lease: BudgetLease; readonly now: number; readonly pointsMs: number; readonly secondsShare: number },
): Promise<BudgetState> {
  const { lease, now, pointsMs, secondsShare } = call;
  const values = [installationId, resource, storableJson([lease]), new Date(now), pointsMs, secondsShare];
  const [row] = await store.sql.query(ADD_LEASE, values, "budget-add-lease");
  return stateOf(row);
}

/** The state of a rate limit, for people. */
export async function readBudget(
  store: Store,
  installationId: bigint,
  resource: Resource,
): Promise<BudgetState | null> {
  const [row] = await store.sql.query(READ, [installationId, resource]);
  return row ? stateOf(row) : null;
}

function stateOf(raw: unknown): BudgetState {
  const row = Row.parse(raw);
  return {
    limit: row.quota_limit,
    remaining: row.remaining,
    resetAt: row.reset_at?.getTime() ?? null,
    blockedUntil: row.blocked_until?.getTime() ?? null,
    leases: row.leases,
    pointsAt: row.points_at?.getTime() ?? 0,
    secondsAt: row.seconds_at?.getTime() ?? 0,
    meanMs: row.mean_ms,
  };
}

function valuesOf(state: BudgetState): unknown[] {
  const date = (at: number | null): Date | null => (at === null ? null : new Date(at));
  return [
    state.limit,
    state.remaining,
    date(state.resetAt),
    date(state.blockedUntil),
    storableJson(state.leases),
    date(state.pointsAt),
    date(state.secondsAt),
    state.meanMs,
  ];
}
