import type { ErrorKind } from "../../errors.js";
import type { Sql } from "../store.js";

/** What is done about a delivery whose processing failed, as its row tells it. */
export interface FailedDelivery {
  readonly id: string;
  /** The attempt that failed; a later one's row is left alone. */
  readonly attempt: number;
  /** `retry` runs it again at `runAt`; `failed` is the dead letter; `skipped` needs nobody's attention. */
  readonly status: "retry" | "failed" | "skipped";
  readonly runAt: Date | null;
  /** False: the attempt is given back, as a used-up quota is not the delivery's fault. */
  readonly countsAttempt: boolean;
  readonly reason: string | null;
  readonly kind: ErrorKind;
  readonly error: string;
  readonly now: Date;
}

const FAIL = `
  UPDATE deliveries SET status = $3, run_at = $4, attempts = attempts - CASE WHEN $5::boolean THEN 0 ELSE 1 END,
    reason = $6, error_kind = $7, error = $8, locked_until = NULL,
    processed_at = CASE WHEN $3 = 'retry' THEN NULL ELSE $9::timestamptz END
  WHERE id = $1::bigint AND status = 'processing' AND attempts = $2
  RETURNING 1`;

/** Records a failure. False when the delivery is not in that attempt any more, and nothing was changed. */
export async function failDelivery(sql: Sql, failed: FailedDelivery): Promise<boolean> {
  const { id, attempt, status, runAt, countsAttempt, reason, kind, error, now } = failed;
  const rows = await sql.query(FAIL, [id, attempt, status, runAt, countsAttempt, reason, kind, error, now]);
  return rows.length > 0;
}
