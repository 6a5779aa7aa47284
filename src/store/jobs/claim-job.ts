import { z } from "zod";
import type { JobQueueName } from "../../domain.js";
import type { Sql } from "../store.js";
import { isUniqueViolation } from "../sql-state.js";
import { dueAt } from "./due.js";

/** A row of `jobs` that this process runs now. */
export type ClaimedJob = z.infer<typeof Claimed>;

/** What came of a claim. `over` also stands for a row that is not there. */
export type Claim =
  | { readonly status: "claimed"; readonly job: ClaimedJob }
  /** It is not due, or another process holds its lease: ask again then. */
  | { readonly status: "later"; readonly at: Date }
  /** Another row of the same key runs; its end wakes this one. */
  | { readonly status: "busy" }
  /** Whoever ran it has not renewed its lease: `recoverJobs` decides what becomes of it. */
  | { readonly status: "abandoned" }
  | { readonly status: "over" };

export interface ClaimRequest {
  readonly id: bigint;
  /** Names this run of the job; only its holder may renew or end it. */
  readonly token: string;
  readonly now: Date;
  readonly leaseMs: number;
  /** Rows due by then may start; the default is `now`. Where there is no queue to wait in, later. */
  readonly dueBy?: Date;
}

const id = z.coerce.bigint();

const Claimed = z.object({
  id,
  installation_id: id.nullable(),
  repository_id: id.nullable(),
  delivery_guid: z.string().nullable(),
  trace_id: z.string().nullable(),
  name: z.string(),
  key: z.string(),
  payload: z.unknown(),
  attempts: z.int(),
  max_attempts: z.int(),
  /** Why nothing may be done for the installation, or null. */
  unavailable: z.string().nullable(),
});

const State = z.object({ status: z.string(), run_at: z.date(), locked_until: z.date().nullable() });

/** $1: the time, $2: the lease, $3: the token, $4: due by then. */
const claimOf = (which: string): string => `
  UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = $1, finished_at = NULL,
    locked_until = $1::timestamptz + $2::bigint * interval '1 ms', locked_by = $3
  WHERE id = ${which} AND ${dueAt("$4")}
  RETURNING id, installation_id, repository_id, delivery_guid, trace_id, name, key, payload, attempts, max_attempts, (
    SELECT CASE WHEN i.deleted_at IS NOT NULL THEN 'the app is uninstalled'
                WHEN i.suspended_at IS NOT NULL THEN 'the installation is suspended' END
    FROM installations i WHERE i.id = jobs.installation_id) AS unavailable`;

const CLAIM = claimOf("$5");

/** The tenant of a job; the app's own jobs, of no installation, are one tenant beside the others. */
const TENANT = "COALESCE(jobs.installation_id, 0)";

/**
 * The first due row of the queue $5: of the tenants with due work, but for those in $7, the one with the least running, of
 * equals the one that is first in no list or earliest in $6, those served lately. Of its rows the live ones, then the
 * oldest. Steps from tenant to tenant by the index: what it costs grows with the tenants that have work, not with their work.
 */
const FAIREST = `(
  WITH RECURSIVE tenants (tenant) AS (
    (SELECT ${TENANT} FROM jobs WHERE status = 'waiting' AND queue = $5 ORDER BY ${TENANT} LIMIT 1)
    UNION ALL
    SELECT (SELECT ${TENANT} FROM jobs WHERE status = 'waiting' AND queue = $5 AND ${TENANT} > before.tenant
            ORDER BY ${TENANT} LIMIT 1)
    FROM tenants before WHERE before.tenant IS NOT NULL
  ), busy (tenant, running) AS (
    SELECT ${TENANT}, count(*) FROM jobs WHERE status = 'running' AND queue = $5 GROUP BY 1
  )
  SELECT first.id FROM tenants
  CROSS JOIN LATERAL (
    SELECT id, run_at, priority FROM jobs WHERE queue = $5 AND ${TENANT} = tenants.tenant AND ${dueAt("$4")}
    ORDER BY queue, ${TENANT}, priority, run_at, id LIMIT 1) first
  LEFT JOIN busy ON busy.tenant = tenants.tenant
  LEFT JOIN unnest($6::bigint[]) WITH ORDINALITY AS served (tenant, turn) ON served.tenant = tenants.tenant
  WHERE tenants.tenant <> ALL ($7::bigint[])
  ORDER BY COALESCE(busy.running, 0), served.turn NULLS FIRST, first.priority, first.run_at, first.id
  LIMIT 1)`;

const CLAIM_FAIREST = claimOf(FAIREST);

/** Another process took the row that was chosen: choose again, so often at most. */
const TRIES = 5;

export interface FairClaim extends Omit<ClaimRequest, "id" | "dueBy"> {
  readonly queue: JobQueueName;
  /** Tenants by their last turn in this process, the latest last. */
  readonly served: readonly bigint[];
  /** Tenants that have enough running in this process. */
  readonly full: readonly bigint[];
}

/** Takes the row whose turn it is, or null: nothing is due, or only for tenants that have enough running. */
export async function claimFairest(sql: Sql, request: FairClaim): Promise<ClaimedJob | null> {
  const { queue, token, now, leaseMs, served, full } = request;
  for (let n = 0; n < TRIES; n += 1) {
    try {
      const [row] = await sql.query(CLAIM_FAIREST, [now, leaseMs, token, now, queue, served, full], "claim-fairest");
      if (row) return Claimed.parse(row);
      const [due] = await sql.query(`SELECT FROM jobs WHERE queue = $2 AND ${dueAt("$1")} LIMIT 1`, [now, queue]);
      if (!due) return null;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  return null;
}

/** Whose turn a job takes: its installation's, or the app's own. */
export function tenantOfJob({ installation_id }: Pick<ClaimedJob, "installation_id">): bigint {
  return installation_id ?? 0n;
}

/** Takes a waiting row that is due, unless another of its key runs. Counts one attempt. */
export async function claimJob(sql: Sql, request: ClaimRequest): Promise<Claim> {
  const { id, token, now, leaseMs, dueBy = now } = request;
  try {
    const [row] = await sql.query(CLAIM, [now, leaseMs, token, dueBy, id]);
    if (row) return { status: "claimed", job: Claimed.parse(row) };
  } catch (error) {
    // Two rows of a key were claimed in the same instant; the index lets one through.
    if (isUniqueViolation(error)) return { status: "busy" };
    throw error;
  }
  return whyNot(sql, id, { now, dueBy });
}

/** Why a row cannot be claimed. */
export async function whyNot(
  sql: Sql,
  id: bigint,
  { now, dueBy = now }: { readonly now: Date; readonly dueBy?: Date },
): Promise<Exclude<Claim, { readonly status: "claimed" }>> {
  const [row] = await sql.query("SELECT status, run_at, locked_until FROM jobs WHERE id = $1", [id]);
  if (!row) return { status: "over" };
  const { status, run_at, locked_until } = State.parse(row);
  if (status === "waiting") return run_at > dueBy ? { status: "later", at: run_at } : { status: "busy" };
  if (status !== "running") return { status: "over" };
  return locked_until && locked_until > now ? { status: "later", at: locked_until } : { status: "abandoned" };
}
