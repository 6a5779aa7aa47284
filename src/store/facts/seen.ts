import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { FactResult } from "../../domain.js";
import type { LabelFact, UserFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { lookUp } from "./look-up.js";
import type { FactScope } from "./scope.js";

/**
 * People and labels have no version, so the latest observation is stored. Unchanged rows are written at most once a
 * minute, because nearly every delivery repeats the same few.
 */
const QUIET = "interval '1 minute'";

interface SeenTable {
  readonly table: string;
  readonly columns: string;
  readonly content: readonly string[];
  readonly rest: readonly string[];
  /** The new value of `installation_id`. */
  readonly owner: string;
}

export const USERS: SeenTable = {
  table: "users",
  columns: "node_id text, login text, type text",
  content: ["login", "type"],
  rest: ["node_id"],
  // A person seen by two installations belongs to neither.
  owner: "CASE WHEN t.installation_id = excluded.installation_id THEN t.installation_id END",
};

export const LABELS: SeenTable = {
  table: "labels",
  columns: "repository_id bigint, node_id text, name text, color text, description text",
  content: ["repository_id", "name", "color", "description"],
  rest: ["node_id"],
  owner: "excluded.installation_id",
};

const STORE_USERS = seenStatement(USERS);
const STORE_LABELS = seenStatement(LABELS);

const Written = z.object({ id: z.string(), inserted: z.boolean() });

export function storeUsers(sql: Sql, facts: readonly UserFact[], scope: FactScope): Promise<readonly FactResult[]> {
  return store(sql, "facts-users", STORE_USERS, facts, scope);
}

export function storeLabels(sql: Sql, facts: readonly LabelFact[], scope: FactScope): Promise<readonly FactResult[]> {
  return store(sql, "facts-labels", STORE_LABELS, facts, scope);
}

async function store(
  sql: Sql,
  name: string,
  text: string,
  facts: readonly (UserFact | LabelFact)[],
  scope: FactScope,
): Promise<readonly FactResult[]> {
  if (facts.length === 0) return [];
  const newest = new Map<number, (typeof facts)[number]["row"]>();
  for (const { row } of facts) {
    const known = newest.get(row.id);
    if (known === undefined || known.seen_at < row.seen_at) newest.set(row.id, row);
  }
  const rows = await sql.query(text, [storableJson([...newest.values()]), scope.installationId], name);
  const written = new Map(rows.map((row) => Written.parse(row)).map((row) => [row.id, row.inserted]));
  return facts.map(({ row }) => {
    const inserted = written.get(String(row.id));
    if (inserted === undefined) return "unchanged";
    return inserted ? "inserted" : "updated";
  });
}

/** Whether the observed row `n` replaces the stored row `t`. */
export function matters({ content }: SeenTable, n: string): string {
  const row = (of: string) => `(${content.map((column) => `${of}.${column}`).join(", ")})`;
  return `((${n}.seen_at > t.seen_at AND ${row("t")} IS DISTINCT FROM ${row(n)})
    OR ${n}.seen_at > t.seen_at + ${QUIET} OR COALESCE(t.installation_id <> ${n}.installation_id, false))`;
}

/** $1 the rows as JSON, $2 the installation. Returns the written rows. */
function seenStatement(of: SeenTable): string {
  const { table, columns, content, rest, owner } = of;
  const names = ["id", ...content, ...rest, "seen_at"];
  return `
WITH input AS MATERIALIZED (
  SELECT $2::bigint AS installation_id, i.*
  FROM json_to_recordset($1::json) AS i(id bigint, ${columns}, seen_at timestamptz)
)
INSERT INTO ${table} AS t (installation_id, ${names.join(", ")})
SELECT i.installation_id, ${names.map((name) => `i.${name}`).join(", ")}
FROM input i ${lookUp(table, "t", "found.id = i.id")}
WHERE t.id IS NULL OR ${matters(of, "i")}
ORDER BY i.id
ON CONFLICT (id) DO UPDATE SET
  ${[...content, ...rest].map((c) => `${c} = CASE WHEN excluded.seen_at > t.seen_at THEN excluded.${c} ELSE t.${c} END`).join(",\n  ")},
  seen_at = GREATEST(t.seen_at, excluded.seen_at),
  installation_id = ${owner}
WHERE ${matters(of, "excluded")}
RETURNING t.id::text AS id, t.xmax = 0 AS inserted`;
}
