import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { FactResult } from "../../domain.js";
import type { CommitFact, PushFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { lookUp } from "./look-up.js";
import type { FactScope } from "./scope.js";

const TEXTS = ["tree_sha", "author_name", "author_email", "author_login", "committer_login"];
/** A push has one time for both of them: a read corrects it. */
const TIMES = ["authored_at", "committed_at"];
const isRead = (n: string) => `${n}.first_seen_at IS NULL`;
const FILES = ["added", "modified", "removed"];
const COLUMNS = ["repository_id", "sha", "message", ...TEXTS, ...TIMES, "parents", ...FILES, "first_seen_at"];

/**
 * A commit never changes. A push has its files and REST does not, so each fills in the fields that the other leaves
 * out.
 */
const fills = (n: string) =>
  [
    ...[...TEXTS, ...TIMES, "parents"].map((c) => `(t.${c} IS NULL AND ${n}.${c} IS NOT NULL)`),
    ...TIMES.map((c) => `(${isRead(n)} AND ${n}.${c} <> t.${c})`),
    `${n}.first_seen_at < COALESCE(t.first_seen_at, 'infinity')`,
    ...FILES.map((c) => `(cardinality(t.${c}) = 0 AND cardinality(${n}.${c}) > 0)`),
  ].join(" OR ");

const COMMITS = `
WITH input AS MATERIALIZED (
  SELECT $2::bigint AS installation_id, i.*
  FROM json_to_recordset($1::json) AS i(repository_id bigint, sha text, message text, tree_sha text, author_name text,
    author_email text, author_login text, committer_login text, authored_at timestamptz, committed_at timestamptz,
    added text[], modified text[], removed text[],
    parents text[], first_seen_at timestamptz)
)
INSERT INTO commits AS t (installation_id, ${COLUMNS.join(", ")})
SELECT i.installation_id, ${COLUMNS.map((c) => `i.${c}`).join(", ")}
FROM input i ${lookUp("commits", "t", "found.repository_id = i.repository_id AND found.sha = i.sha")}
WHERE t.sha IS NULL OR ${fills("i")}
ORDER BY i.repository_id, i.sha
ON CONFLICT (repository_id, sha) DO UPDATE SET
  ${[...TEXTS, "parents"].map((c) => `${c} = COALESCE(t.${c}, excluded.${c})`).join(", ")},
  ${TIMES.map((c) => `${c} = CASE WHEN ${isRead("excluded")} THEN COALESCE(excluded.${c}, t.${c}) ELSE COALESCE(t.${c}, excluded.${c}) END`).join(", ")},
  first_seen_at = LEAST(t.first_seen_at, excluded.first_seen_at),
  ${FILES.map((c) => `${c} = CASE WHEN cardinality(t.${c}) > 0 THEN t.${c} ELSE excluded.${c} END`).join(", ")}
WHERE ${fills("excluded")}
RETURNING t.repository_id::text AS repository_id, t.sha, t.xmax = 0 AS inserted`;

const PUSHES = `
INSERT INTO pushes (installation_id, repository_id, ref, ref_type, before, after, kind, forced, commit_count, truncated,
  pusher_login, head_sha, pushed_at)
SELECT $2::bigint, i.*
FROM json_to_recordset($1::json) AS i(repository_id bigint, ref text, ref_type text, before text, after text, kind text,
  forced boolean, commit_count int, truncated boolean, pusher_login text, head_sha text, pushed_at timestamptz)
ORDER BY 2, 3, 5, 6
ON CONFLICT DO NOTHING
RETURNING 1`;

const Written = z.object({ repository_id: z.string(), sha: z.string(), inserted: z.boolean() });

export async function storeCommits(
  sql: Sql,
  facts: readonly CommitFact[],
  scope: FactScope,
): Promise<readonly FactResult[]> {
  if (facts.length === 0) return [];
  const keyOf = (row: { readonly repository_id: number | string; readonly sha: string }) =>
    `${row.repository_id} ${row.sha}`;
  const distinct = new Map(facts.map(({ row }) => [keyOf(row), row]));
  const values = [storableJson([...distinct.values()]), scope.installationId];
  const rows = await sql.query(COMMITS, values, "facts-commits");
  const written = new Map(rows.map((row) => Written.parse(row)).map((row) => [keyOf(row), row.inserted]));
  return facts.map(({ row }) => {
    const inserted = written.get(keyOf(row));
    if (inserted === undefined) return "unchanged";
    return inserted ? "inserted" : "updated";
  });
}

/** A push is an event, so a recorded one never changes. */
export async function storePushes(
  sql: Sql,
  facts: readonly PushFact[],
  scope: FactScope,
): Promise<readonly FactResult[]> {
  const results: FactResult[] = [];
  for (const { row } of facts) {
    const rows = await sql.query(PUSHES, [storableJson([row]), scope.installationId], "facts-pushes");
    results.push(rows.length > 0 ? "inserted" : "unchanged");
  }
  return results;
}
