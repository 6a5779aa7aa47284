import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import { type JobQueueName, type Json, WORK_CLASSES, type WorkClass } from "../../domain.js";
import type { Sql } from "../store.js";
import { JobRow } from "./job-row.js";
import type { JobWakeUp } from "./wake-up.js";

/** A new row of `jobs`; `jobs/define-job.ts` makes it from a `JobRequest`. */
export interface JobPlan {
  readonly queue: JobQueueName;
  /** Default `agents`. */
  readonly class?: WorkClass;
  readonly name: string;
  /** The same name and key mean the same work. */
  readonly key: string;
  readonly payload: Json;
  readonly repositoryId?: bigint | null;
  readonly number?: number | null;
  readonly maxAttempts: number;
  /** Milliseconds from `now` before it may start. */
  readonly delayMs: number;
}

/** The common fields of the jobs of one plan. */
export interface JobOrigin {
  readonly installationId: bigint | null;
  readonly deliveryGuid: string | null;
  readonly traceId: string | null;
  readonly now: Date;
}

/** The result of one plan. Add `wakeUp` to its queue after the transaction is committed. */
export interface PlannedJob {
  readonly id: bigint;
  readonly name: string;
  readonly key: string;
  readonly status: "planned" | "already-waiting";
  readonly wakeUp: JobWakeUp;
}

const Row = JobRow.extend({ run_at: z.date(), inserted: z.boolean(), failed: z.boolean() });

/** A row that waits for its next attempt, and not for a limit to be reset: nothing is gained by going sooner then. */
const FAILED = "$3::text IS NOT NULL AND jobs.error_kind <> 'rate-limit'";

/**
 * The update, which often changes nothing, locks the waiting row. Otherwise it could start before this transaction's
 * facts are committed, and would miss them. Sorted, so that two transactions lock in the same order. A request by a
 * person (`asked`) turns the row into a requested one, and shortens its wait.
 * A row that waits for its next attempt starts again at once, with all attempts: an earlier event caused the failure.
 */
const INSERT = `
  INSERT INTO jobs (installation_id, delivery_guid, trace_id, queue, priority, name, key, repository_id, number, payload, max_attempts, run_at, created_at)
  SELECT $2, $3::text, $4, r.queue, r.priority, r.name, r.key, r.repository_id, r.number, r.payload, r.max_attempts, $5::timestamptz + r.delay_ms * interval '1 ms', $5
  FROM jsonb_to_recordset($1::jsonb)
    AS r(queue text, priority smallint, name text, key text, repository_id bigint, number int, payload jsonb, max_attempts int, delay_ms bigint)
  ORDER BY r.name, r.key
  ON CONFLICT (name, key) WHERE status = 'waiting' DO UPDATE SET key = excluded.key,
    payload = CASE WHEN excluded.payload->'asked' = 'true' THEN jobs.payload || '{"asked": true}' ELSE jobs.payload END,
    run_at = CASE WHEN excluded.payload->'asked' = 'true' OR ${FAILED} THEN least(jobs.run_at, excluded.run_at)
      ELSE jobs.run_at END,
    attempts = CASE WHEN ${FAILED} THEN 0 ELSE jobs.attempts END
  RETURNING id, queue, name, key, run_at, xmax = 0 AS inserted, (${FAILED}) IS TRUE AS failed`;

/**
 * Inserts the jobs of a plan as waiting rows, inside the transaction that stores the facts. If a job with the key
 * already waits, that row does the work; it counts as requested if either is. Returns one result for each distinct
 * (name, key), in order.
 */
export async function planJobs(sql: Sql, plans: readonly JobPlan[], origin: JobOrigin): Promise<readonly PlannedJob[]> {
  const distinct = [...new Map(plans.map((plan) => [identity(plan), plan])).values()];
  if (distinct.length === 0) return [];
  const records = distinct.map((plan) => ({
    queue: plan.queue,
    priority: WORK_CLASSES.indexOf(plan.class ?? "agents"),
    name: plan.name,
    key: plan.key,
    repository_id: plan.repositoryId?.toString() ?? null,
    number: plan.number ?? null,
    payload: plan.payload,
    max_attempts: plan.maxAttempts,
    delay_ms: plan.delayMs,
  }));
  const { installationId, deliveryGuid, traceId, now } = origin;
  const rows = await sql.query(INSERT, [storableJson(records), installationId, deliveryGuid, traceId, now]);
  const planned = new Map(rows.map((row) => Row.parse(row)).map((row) => [identity(row), row]));
  return distinct.flatMap((plan) => {
    const row = planned.get(identity(plan));
    return row ? [toPlanned(row, isAsked(plan), now)] : [];
  });
}

function identity(of: { readonly name: string; readonly key: string }): string {
  return `${of.name}\0${of.key}`;
}

const Asked = z.object({ asked: z.literal(true) });

function isAsked({ payload }: JobPlan): boolean {
  return Asked.safeParse(payload).success;
}

function toPlanned(row: z.infer<typeof Row>, asked: boolean, now: Date): PlannedJob {
  const delayMs = Math.max(0, row.run_at.getTime() - now.getTime());
  const wakeUp = { queue: row.queue, id: row.id, delayMs };
  return {
    id: row.id,
    name: row.name,
    key: row.key,
    status: row.inserted ? "planned" : "already-waiting",
    wakeUp: (asked || row.failed) && !row.inserted ? { ...wakeUp, sooner: true } : wakeUp,
  };
}
