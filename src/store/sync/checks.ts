import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Sql } from "../store.js";

const Unsettled = z.object({ id: z.coerce.number(), node_id: z.string(), repository_id: z.coerce.number() });
/** An open pull request whose check results may have changed. */
export type UnsettledPullRequest = z.infer<typeof Unsettled>;

/** By number, after `after`: those whose checks had not ended, and those that changed since. */
export async function unsettledPullRequests(
  sql: Sql,
  installationId: bigint,
  { after, since, limit }: { readonly after: number; readonly since: Date; readonly limit: number },
): Promise<readonly UnsettledPullRequest[]> {
  const rows = await sql.query(
    `SELECT id::text AS id, node_id, repository_id::text AS repository_id FROM pull_requests
     WHERE installation_id = $1 AND state = 'open' AND deleted_at IS NULL AND node_id IS NOT NULL AND id > $2
       AND (checks_state IN ('pending', 'expected') OR updated_at >= $3) ORDER BY id LIMIT $4`,
    [installationId, after, since, limit],
    "sync-unsettled",
  );
  return rows.map((row) => Unsettled.parse(row));
}

export interface ChecksState {
  readonly pullRequestId: number;
  readonly checksState: string | null;
}

/** Stores check results, unless a later reading of the whole pull request was stored before. */
export async function storeChecks(sql: Sql, checks: readonly ChecksState[], observedAt: Date): Promise<void> {
  if (checks.length === 0) return;
  await sql.query(
    `UPDATE pull_requests t SET checks_state = i.checks_state
     FROM (SELECT * FROM jsonb_to_recordset($1::jsonb) AS i(id bigint, checks_state text) ORDER BY id) i
     WHERE t.id = i.id AND COALESCE(t.checks_observed_at, '-infinity') < $2::timestamptz
       AND t.checks_state IS DISTINCT FROM i.checks_state`,
    [
      storableJson(checks.map(({ pullRequestId, checksState }) => ({ id: pullRequestId, checks_state: checksState }))),
      observedAt,
    ],
    "sync-checks-only",
  );
}
