import { storableJson } from "../../text/storable.js";
import type { DeliveryOutcome } from "../../domain.js";
import type { Sql } from "../store.js";
import { heldBy } from "../work/hold.js";

/** The outcome of a delivery, and the subject of its payload. */
export interface FinishedDelivery {
  readonly guid: string;
  /** The claim that ends. Rows of another claim do not change. */
  readonly token: string;
  readonly status: "processed" | "skipped";
  readonly reason: string | null;
  readonly outcome: DeliveryOutcome | null;
  readonly action: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
  /** The subject inside its repository, such as `pull_request:12`. */
  readonly subject: string | null;
  readonly senderLogin: string | null;
  readonly now: Date;
}

/**
 * Locks a delivery for the transaction that processes it. Null: the claim no longer holds it, because another process
 * has it or has finished it; store nothing. `again`: it was processed before and is being replayed.
 */
export async function lockDelivery(sql: Sql, guid: string, token: string): Promise<{ readonly again: boolean } | null> {
  const [row] = await sql.query(
    `SELECT outcome IS NOT NULL AS again FROM deliveries WHERE guid = $1 AND ${heldBy("deliveries", "$2")} FOR UPDATE`,
    [guid, token],
  );
  return row ? { again: row["again"] === true } : null;
}

const FINISH = `
  UPDATE deliveries SET status = $2, reason = $3, outcome = $4::jsonb, action = $5, installation_id = $6,
    repository_id = $7, subject = $8, processed_at = $9, sender_login = $11, locked_until = NULL, locked_by = NULL, run_at = NULL, error_kind = NULL, error = NULL
  WHERE guid = $1 AND ${heldBy("deliveries", "$10")}
  RETURNING 1`;

/** Finishes a delivery. False: the claim no longer holds it, and nothing was changed. */
export async function finishDelivery(sql: Sql, finished: FinishedDelivery): Promise<boolean> {
  const { guid, status, reason, outcome, action, installationId, repositoryId, subject, senderLogin, now } = finished;
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
    finished.token,
    senderLogin,
  ]);
  return rows.length > 0;
}
