import type { ErrorKind } from "../../errors.js";
import type { Sql } from "../store.js";
import { heldBy } from "../work/hold.js";

/** What is done about a delivery whose processing failed, as its row tells it. */
export interface FailedDelivery {
  readonly id: string;
  /** The claim that failed; the row of a later one does not change. */
  readonly token: string;
  /** `retry` runs it again at `runAt`; `failed` is the dead letter; `skipped` needs nobody's attention. */
  readonly status: "retry" | "failed" | "skipped";
  readonly runAt: Date | null;
  /** False: the attempt is given back, as a used-up quota is not the delivery's fault. */
  readonly countsAttempt: boolean;
  readonly reason: string | null;
  readonly kind: ErrorKind;
  readonly error: string;
  /** What its payload says of itself; null when it could not be read, and what an earlier attempt has read stays. */
  readonly about: {
    readonly action: string | null;
    readonly installationId: bigint | null;
    readonly repositoryId: bigint | null;
    readonly subject: string | null;
  } | null;
  readonly now: Date;
}

/** A repository's own webhook names no installation: it is the one that has the repository. */
const FAIL = `
  UPDATE deliveries SET status = $3, run_at = $4, attempts = attempts - CASE WHEN $5::boolean THEN 0 ELSE 1 END,
    reason = $6, error_kind = $7, error = $8, locked_until = NULL, locked_by = NULL,
    processed_at = CASE WHEN $3 = 'retry' THEN NULL ELSE $9::timestamptz END,
    action = COALESCE($10, action), repository_id = COALESCE($12, repository_id), subject = COALESCE($13, subject),
    installation_id = COALESCE($11, (SELECT r.installation_id FROM repositories r WHERE r.id = $12), deliveries.installation_id)
  WHERE id = $1::bigint AND ${heldBy("deliveries", "$2")}
  RETURNING 1`;

/** Records a failure. False when another holds the delivery, and nothing was changed. */
export async function failDelivery(sql: Sql, failed: FailedDelivery): Promise<boolean> {
  const { id, token, status, runAt, countsAttempt, reason, kind, error, about, now } = failed;
  const { action = null, installationId = null, repositoryId = null, subject = null } = about ?? {};
  const ending = [id, token, status, runAt, countsAttempt, reason, kind, error, now];
  const rows = await sql.query(FAIL, [...ending, action, installationId, repositoryId, subject]);
  return rows.length > 0;
}
