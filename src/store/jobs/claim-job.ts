import { z } from "zod";
import type { Sql } from "../store.js";
import { isUniqueViolation } from "../sql-state.js";

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

const CLAIM = `
  UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = $2, finished_at = NULL,
    locked_until = $2::timestamptz + $3::bigint * interval '1 ms', locked_by = $4
  WHERE id = $1 AND status = 'waiting' AND run_at <= $5
    AND NOT EXISTS (
      SELECT FROM jobs other WHERE other.name = jobs.name AND other.key = jobs.key AND other.status = 'running')
  RETURNING id, installation_id, delivery_guid, trace_id, name, key, payload, attempts, max_attempts, (
    SELECT CASE WHEN i.deleted_at IS NOT NULL THEN 'the app is uninstalled'
                WHEN i.suspended_at IS NOT NULL THEN 'the installation is suspended' END
    FROM installations i WHERE i.id = jobs.installation_id) AS unavailable`;

/** Takes a waiting row that is due, unless another of its key runs. Counts one attempt. */
export async function claimJob(sql: Sql, request: ClaimRequest): Promise<Claim> {
  const { id, token, now, leaseMs, dueBy = now } = request;
  try {
    const [row] = await sql.query(CLAIM, [id, now, leaseMs, token, dueBy]);
    if (row) return { status: "claimed", job: Claimed.parse(row) };
  } catch (error) {
    // Two rows of a key were claimed in the same instant; the index lets one through.
    if (isUniqueViolation(error)) return { status: "busy" };
    throw error;
  }
  return whyNot(sql, id, now, dueBy);
}

/** Prolongs the lease. False: the job was cancelled, or its lease ran out and another process has it. */
export async function renewLease(sql: Sql, id: bigint, token: string, until: Date): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE jobs SET locked_until = $3 WHERE id = $1 AND locked_by = $2 AND status = 'running' RETURNING id`,
    [id, token, until],
  );
  return rows.length > 0;
}

async function whyNot(sql: Sql, id: bigint, now: Date, dueBy: Date): Promise<Claim> {
  const [row] = await sql.query("SELECT status, run_at, locked_until FROM jobs WHERE id = $1", [id]);
  if (!row) return { status: "over" };
  const { status, run_at, locked_until } = State.parse(row);
  if (status === "waiting") return run_at > dueBy ? { status: "later", at: run_at } : { status: "busy" };
  if (status !== "running") return { status: "over" };
  return locked_until && locked_until > now ? { status: "later", at: locked_until } : { status: "abandoned" };
}
