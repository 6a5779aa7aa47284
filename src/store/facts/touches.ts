import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { FactResult } from "../../domain.js";
import type { PullRequestTouchFact, RepositoryAccessFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import type { FactScope } from "./scope.js";

/** Waits for a concurrent change, so that the locked row is the latest one. */
const TOUCH = `
WITH found AS (
  SELECT id, updated_at FROM pull_requests WHERE repository_id = $1 AND number = $2 FOR UPDATE
), raised AS (
  UPDATE pull_requests t SET updated_at = $3 FROM found f WHERE t.id = f.id AND f.updated_at < $3::timestamptz RETURNING t.id
)
SELECT EXISTS (SELECT 1 FROM raised) AS raised, EXISTS (SELECT 1 FROM found WHERE updated_at > $3::timestamptz) AS stale,
  EXISTS (SELECT 1 FROM found) AS found`;

const Touched = z.object({ raised: z.boolean(), stale: z.boolean(), found: z.boolean() });

/** Moves `updated_at` of pull requests known by number. An unknown one is `missing`. */
export async function touchPullRequests(
  sql: Sql,
  facts: readonly PullRequestTouchFact[],
): Promise<readonly FactResult[]> {
  const results: FactResult[] = [];
  for (const { row } of facts) {
    const values = [row.repository_id, row.number, row.updated_at];
    const rows = await sql.query(TOUCH, values, "facts-touch");
    const answer = Touched.parse(rows[0]);
    if (!answer.found) results.push("missing");
    else if (answer.raised) results.push("updated");
    else results.push(answer.stale ? "stale" : "unchanged");
  }
  return results;
}

const ACCESS = `
UPDATE repositories t
SET access_removed_at = CASE WHEN i.granted THEN NULL ELSE COALESCE(t.access_removed_at, $3::timestamptz) END,
  access_updated_at = i.at
FROM (SELECT * FROM json_to_recordset($1::json) AS i(id bigint, granted boolean, at timestamptz) ORDER BY id) i
WHERE t.id = i.id AND t.installation_id = $2 AND (t.access_updated_at IS NULL OR t.access_updated_at <= i.at)
RETURNING t.id::text AS id`;

const Changed = z.object({ id: z.string() });

/**
 * Which repositories the installation can access. The latest statement wins; `jobs/access.ts` reads GitHub after each.
 */
export async function storeAccess(
  sql: Sql,
  facts: readonly RepositoryAccessFact[],
  scope: FactScope,
): Promise<readonly FactResult[]> {
  if (facts.length === 0) return [];
  const rows = facts.map(({ row }) => row);
  const changed = await sql.query(ACCESS, [storableJson(rows), scope.installationId, scope.now], "facts-access");
  const ids = new Set(changed.map((row) => Changed.parse(row).id));
  return facts.map(({ row }) => (ids.has(String(row.id)) ? "updated" : "stale"));
}
