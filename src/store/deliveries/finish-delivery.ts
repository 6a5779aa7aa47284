import { storableJson } from "../../text/storable.js";
import type { DeliveryOutcome } from "../../domain.js";
import type { Sql } from "../store.js";

/** How the processing of a delivery ended, and what its payload says it is about. */
export interface FinishedDelivery {
  readonly guid: string;
  /** Only if the delivery is still in that attempt; absent: in any. */
  readonly attempt?: number;
  readonly status: "processed" | "skipped";
  readonly reason: string | null;
  readonly outcome: DeliveryOutcome | null;
  readonly action: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
  /** What it is about inside its repository, such as `pull_request:12`. */
  readonly subject: string | null;
  readonly now: Date;
}

/**
 * Locks a delivery for the transaction that processes it. Null when it is not being processed: another process has
 * finished it, and nothing may be stored for it again. `again`: it was processed before, and is replayed.
 */
export async function lockDelivery(sql: Sql, guid: string): Promise<{ readonly again: boolean } | null> {
  const [row] = await sql.query(
    `SELECT outcome IS NOT NULL AS again FROM deliveries WHERE guid = $1 AND status = 'processing' FOR UPDATE`,
    [guid],
  );
  return row ? { again: row["again"] === true } : null;
}

const FINISH = `
  UPDATE deliveries SET status = $2, reason = $3, outcome = $4::jsonb, action = $5, installation_id = $6,
    repository_id = $7, subject = $8, processed_at = $9, locked_until = NULL, run_at = NULL, error_kind = NULL, error = NULL
  WHERE guid = $1 AND status = 'processing' AND attempts = COALESCE($10, attempts)
  RETURNING 1`;

/** Finishes a delivery that is being processed. False when it is not, and nothing was changed. */
export async function finishDelivery(sql: Sql, finished: FinishedDelivery): Promise<boolean> {
  const { guid, status, reason, outcome, action, installationId, repositoryId, subject, now } = finished;
  const rows = await sql.query(FINISH, [
    guid,
    status,
    reason,
    outcome === null ? null : storableJson(outcome),
    action,
    installationId,
    repositoryId,
    subject,
    now,
    finished.attempt ?? null,
  ]);
  return rows.length > 0;
}
