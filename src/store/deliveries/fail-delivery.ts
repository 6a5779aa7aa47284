import type { ErrorKind } from "../../errors.js";
import type { Sql } from "../store.js";
import { heldBy } from "../work/hold.js";

/** The failure of a delivery, as its row records it. */
export interface FailedDelivery {
  readonly id: string;
  /** The claim that failed. Rows of a later claim do not change. */
  readonly token: string;
  /** `retry` runs it again at `runAt`; `failed` is a dead letter; `skipped` needs no action. */
  readonly status: "retry" | "failed" | "skipped";
  readonly runAt: Date | null;
  /** False returns the attempt: a used-up rate limit is not the delivery's fault. */
  readonly countsAttempt: boolean;
  readonly reason: string | null;
  readonly kind: ErrorKind;
  readonly error: string;
  /**
   * The fields of its payload; null when it could not be read, and the fields that an earlier attempt read are kept.
   */
  readonly about: {
    readonly action: string | null;
    readonly installationId: bigint | null;
    readonly repositoryId: bigint | null;
    readonly subject: string | null;
    readonly senderLogin: string | null;
  } | null;
  readonly now: Date;
}

/** A repository's own webhook names no installation; the installation of the repository is used. */
const FAIL = `
  UPDATE deliveries SET status = $3, run_at = $4, attempts = attempts - CASE WHEN $5::boolean THEN 0 ELSE 1 END,
    reason = $6, error_kind = $7, error = $8, locked_until = NULL, locked_by = NULL,
    processed_at = CASE WHEN $3 = 'retry' THEN NULL ELSE $9::timestamptz END,
    action = COALESCE($10, action), repository_id = COALESCE($12, repository_id), subject = COALESCE($13, subject),
    sender_login = COALESCE($14, sender_login),
    installation_id = COALESCE($11, (SELECT r.installation_id FROM repositories r WHERE r.id = $12), deliveries.installation_id)
  WHERE id = $1::bigint AND ${heldBy("deliveries", "$2")}
  RETURNING 1`;

/** Records a failure. False: another claim holds the delivery, and nothing was changed. */
export async function failDelivery(sql: Sql, failed: FailedDelivery): Promise<boolean> {
  const { id, token, status, runAt, countsAttempt, reason, kind, error, about, now } = failed;
  const { action = null, installationId = null, repositoryId = null, subject = null, senderLogin = null } = about ?? {};
  const ending = [id, token, status, runAt, countsAttempt, reason, kind, error, now];
  const rows = await sql.query(FAIL, [...ending, action, installationId, repositoryId, subject, senderLogin]);
  return rows.length > 0;
}
