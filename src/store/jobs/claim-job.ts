import { z } from "zod";
import type { JobQueueName } from "../../domain.js";
import type { Sql } from "../store.js";
import { isUniqueViolation } from "../sql-state.js";
import { dueAt } from "./due.js";

/** A row of `jobs` that this process is running. */
export type ClaimedJob = z.infer<typeof Claimed>;

/** The result of a claim. `over` also means that the row does not exist. */
export type Claim =
  | { readonly status: "claimed"; readonly job: ClaimedJob }
  /** The job is not due, or another process holds its lease: ask again then. */
  | { readonly status: "later"; readonly at: Date }
  /** Another row with the same key is running; its end wakes this one. */
  | { readonly status: "busy" }
  /** The lease expired: `recoverJobs` decides what happens to the row. */
  | { readonly status: "abandoned" }
  | { readonly status: "over" };

export interface ClaimRequest {
  readonly id: bigint;
  /** The token of this run; only its holder may renew or end it. */
  readonly token: string;
  readonly now: Date;
  readonly leaseMs: number;
  /** Rows due by then may start; default `now`. Later for hosts without a queue. */
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
  /** The reason to do nothing for the installation, or null. */
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

/** The tenant of a job. The app's own jobs, without an installation, are one tenant beside the others. */
const TENANT = "COALESCE(jobs.installation_id, 0)";

/** Tenants with due work that one claim compares. */
const COMPARED = 16;

/**
 * The next row of the queue $5. The tenants are a ring by their ids; a claim compares the next 16 with due work after
 * the tenant that this process served last ($8), except those in $7. It takes the tenant with the least running jobs;
 * among equals, the one served longest ago ($6 lists the recently served). Of that tenant's rows it takes live ones
 * first, then the oldest. It steps from tenant to tenant by the index and stops when it has enough, so neither a long
 * backlog nor many tenants make it slow.
 */
const FAIREST = `(
  WITH RECURSIVE ring (tenant, lap) AS (
    SELECT $8::bigint, 0
    UNION ALL
    SELECT COALESCE(before.next, -1), before.lap + CASE WHEN before.next IS NULL THEN 1 ELSE 0 END
    FROM (SELECT ring.lap, (SELECT ${TENANT} FROM jobs WHERE status = 'waiting' AND queue = $5 AND ${TENANT} > ring.tenant
            ORDER BY queue, ${TENANT} LIMIT 1) AS next FROM ring) before
    WHERE before.lap = 0 OR (before.lap = 1 AND before.next <= $8)
  ), due AS MATERIALIZED (
    SELECT ring.tenant, first.id, first.run_at, first.priority FROM ring
    CROSS JOIN LATERAL (
      SELECT id, run_at, priority FROM jobs WHERE queue = $5 AND ${TENANT} = ring.tenant AND ${dueAt("$4")}
      ORDER BY queue, ${TENANT}, priority, run_at, id LIMIT 1) first
    WHERE ring.tenant <> ALL ($7::bigint[]) AND (ring.lap = 1 OR ring.tenant <> $8)
    LIMIT ${COMPARED}
  )
  SELECT due.id FROM due
  LEFT JOIN unnest($6::bigint[]) WITH ORDINALITY AS served (tenant, turn) ON served.tenant = due.tenant
  ORDER BY (SELECT count(*) FROM jobs WHERE status = 'running' AND queue = $5 AND ${TENANT} = due.tenant),
    served.turn NULLS FIRST, due.priority, due.run_at, due.id
  LIMIT 1)`;

const CLAIM_FAIREST = claimOf(FAIREST);

/** The most repetitions when another process took the chosen row. */
const TRIES = 5;

export interface FairClaim extends Omit<ClaimRequest, "id" | "dueBy"> {
  readonly queue: JobQueueName;
  /** Tenants by their last turn in this process, the latest last. */
  readonly served: readonly bigint[];
  /** Tenants that have enough running jobs in this process. */
  readonly full: readonly bigint[];
}

/** Claims the next row, or returns null: nothing is due, or only for tenants with enough running jobs. */
export async function claimFairest(sql: Sql, request: FairClaim): Promise<ClaimedJob | null> {
  const { queue, token, now, leaseMs, served, full } = request;
  for (let n = 0; n < TRIES; n += 1) {
    try {
      const last = served.at(-1) ?? -1n;
      const values = [now, leaseMs, token, now, queue, served, full, last];
      const [row] = await sql.query(CLAIM_FAIREST, values, "claim-fairest");
      if (row) return Claimed.parse(row);
      const [due] = await sql.query(`SELECT FROM jobs WHERE queue = $2 AND ${dueAt("$1")} LIMIT 1`, [now, queue]);
      if (!due) return null;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  return null;
}

/** The tenant of a job: its installation, or the app itself. */
export function tenantOfJob({ installation_id }: Pick<ClaimedJob, "installation_id">): bigint {
  return installation_id ?? 0n;
}

/** Claims a waiting row that is due, unless another row with its key is running. Counts one attempt. */
export async function claimJob(sql: Sql, request: ClaimRequest): Promise<Claim> {
  const { id, token, now, leaseMs, dueBy = now } = request;
  try {
    const [row] = await sql.query(CLAIM, [now, leaseMs, token, dueBy, id]);
    if (row) return { status: "claimed", job: Claimed.parse(row) };
  } catch (error) {
    // Two rows of a key were claimed at the same instant; the unique index rejected this one.
    if (isUniqueViolation(error)) return { status: "busy" };
    throw error;
  }
  return whyNot(sql, id, { now, dueBy });
}

/** The reason why a row cannot be claimed. */
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
