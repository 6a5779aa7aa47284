import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { Sql } from "../store.js";

/** Data that only a read of a pull request returns: the issues that it closes, and its head's checks. */
export interface PullRequestExtras {
  readonly pullRequestId: number;
  /** Undefined when the installation may not read checks: the stored value stays. */
  readonly checksState: string | null | undefined;
  readonly links: readonly {
    readonly issue_id: number;
    readonly issue_repository_id: number | null;
    readonly issue_repository: string;
    readonly issue_number: number;
  }[];
}

/** Locks the rows whose last read is older, so that the links below belong to this read. */
const CHECKS = `
UPDATE pull_requests t SET checks_state = CASE WHEN i.known THEN i.checks_state ELSE t.checks_state END,
  checks_observed_at = $2
FROM (SELECT * FROM jsonb_to_recordset($1::jsonb) AS i(id bigint, known boolean, checks_state text) ORDER BY id) i
WHERE t.id = i.id AND COALESCE(t.checks_observed_at, '-infinity') < $2::timestamptz
RETURNING t.id::text AS id`;

const LINKS = `
WITH input AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS i(pull_request_id bigint, issue_id bigint, issue_repository_id bigint,
    issue_repository text, issue_number int)
), gone AS (
  DELETE FROM linked_issues t WHERE t.pull_request_id = ANY($1::bigint[])
    AND NOT EXISTS (SELECT FROM input i WHERE i.pull_request_id = t.pull_request_id AND i.issue_id = t.issue_id)
)
INSERT INTO linked_issues AS t (installation_id, pull_request_id, issue_id, issue_repository_id, issue_repository,
  issue_number, observed_at)
SELECT $3, pull_request_id, issue_id, issue_repository_id, issue_repository, issue_number, $4 FROM input
ORDER BY pull_request_id, issue_id
ON CONFLICT (pull_request_id, issue_id) DO UPDATE SET installation_id = excluded.installation_id,
  issue_repository_id = excluded.issue_repository_id, issue_repository = excluded.issue_repository,
  issue_number = excluded.issue_number, observed_at = excluded.observed_at`;

const Taken = z.object({ id: z.coerce.number() });

/** Stores the data of a read, unless a later read was stored before. */
export async function storePullRequestExtras(
  sql: Sql,
  extras: readonly PullRequestExtras[],
  scope: { readonly installationId: bigint; readonly observedAt: Date },
): Promise<void> {
  if (extras.length === 0) return;
  const checks = extras.map(({ pullRequestId, checksState }) => ({
    id: pullRequestId,
    known: checksState !== undefined,
    checks_state: checksState,
  }));
  const rows = await sql.query(CHECKS, [storableJson(checks), scope.observedAt], "sync-checks");
  const taken = new Set(rows.map((row) => Taken.parse(row).id));
  if (taken.size === 0) return;
  const links = new Map(
    extras
      .filter(({ pullRequestId }) => taken.has(pullRequestId))
      .flatMap(({ pullRequestId, links }) =>
        links.map((link) => [`${pullRequestId} ${link.issue_id}`, { pull_request_id: pullRequestId, ...link }]),
      ),
  );
  const values = [[...taken], storableJson([...links.values()]), scope.installationId, scope.observedAt];
  await sql.query(LINKS, values, "sync-links");
}
