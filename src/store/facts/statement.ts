import { elementOf } from "./array-literal.js";
import { lookUp } from "./look-up.js";
import { changes, takes, tombstone } from "./newer.js";
import type { ColumnType, Guard, TableSpec, VersionGroup } from "./table.js";

/**
 * The statement that stores rows of one table: $1 now, $2 the installation if rows have one, then an array of values
 * for each of `columns`. JSON parameters took twice the time to parse, which was half of the total.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly columns: readonly (readonly [string, ColumnType])[];
}

/**
 * Builds one INSERT ... ON CONFLICT for a table. Unchanged rows are filtered first, so that they are not locked: every
 * delivery repeats its repository and people. The statement returns the result for each row; `raced` means that another
 * transaction changed the row meanwhile, and the statement must run again for it.
 */
export function upsertStatement(spec: TableSpec, without: Guard | null): Statement {
  const [core] = spec.groups;
  const columns = columnsOf(spec);
  const names = columns.map(([name]) => name);
  const tenant = spec.tenant ? ["installation_id"] : [];
  const all = [...tenant, "id", ...names, "observed_at", "deleted_at"];
  const state = ["deleted_at", ...spec.groups.flatMap((g) => [g.version, g.hash]), ...Object.keys(spec.greatest)];
  const given: readonly (readonly [string, ColumnType])[] = [
    ["id", "bigint"],
    ...columns,
    ["observed_at", "timestamptz"],
    ["deleted", "boolean"],
  ];
  const arrays = given.map(([, type], index) => `$${index + 2 + tenant.length}::${elementOf(type)}[]`);
  const text = `
WITH input AS MATERIALIZED (
  SELECT ${spec.tenant ? "$2::bigint AS installation_id, " : ""}${given.map(([name, type]) => `i.${name}::${type}`).join(", ")},
    CASE WHEN i.deleted THEN $1::timestamptz END AS deleted_at
  FROM unnest(${arrays.join(", ")}) AS i(${given.map(([name]) => name).join(", ")})
),
before AS MATERIALIZED (
  SELECT ${["id", ...tenant, ...state, "observed_at"].map((name) => `t.${name}`).join(", ")}
  FROM input i ${lookUp(spec.table, "t", "found.id = i.id")} WHERE t.id IS NOT NULL
),
todo AS MATERIALIZED (
  SELECT i.* FROM input i LEFT JOIN before t ON t.id = i.id
  WHERE t.id IS NULL OR ${changes(spec, "i", "t", without)}
),
written AS (
  INSERT INTO ${spec.table} AS t (${all.join(", ")})
  SELECT ${all.join(", ")} FROM todo ORDER BY id
  ON CONFLICT (id) DO UPDATE SET
    ${assignments(spec, without).join(",\n    ")}
  WHERE ${changes(spec, "excluded", "t", without)}
  RETURNING t.id, ${[...tenant, ...state].map((name) => `t.${name}`).join(", ")}, t.xmax = 0 AS inserted
),
after AS (
  SELECT i.id, d.id IS NOT NULL AS tried, w.id IS NOT NULL AS written, COALESCE(w.inserted, false) AS inserted,
    ${state.map((name) => `CASE WHEN w.id IS NULL THEN b.${name} ELSE w.${name} END AS ${name}`).join(",\n    ")}
    ${spec.tenant ? ", COALESCE(w.installation_id, b.installation_id) AS owner, b.installation_id AS former_owner" : ""}
  FROM input i LEFT JOIN todo d ON d.id = i.id LEFT JOIN written w ON w.id = i.id LEFT JOIN before b ON b.id = i.id
)
SELECT a.id::text AS id,
  ${spec.tenant ? "a.owner::text AS owner, NULLIF(a.former_owner, a.owner)::text AS former_owner," : "NULL AS owner, NULL AS former_owner,"}
  CASE WHEN a.inserted THEN 'inserted'
    WHEN a.tried AND NOT a.written THEN 'raced'
    WHEN i.deleted AND a.deleted_at IS NOT NULL THEN CASE WHEN b.deleted_at IS NULL THEN 'updated' ELSE 'unchanged' END
    WHEN NOT i.deleted AND a.deleted_at IS NOT NULL${spec.deletion === "until-newer" ? ` AND i.${core.version} <= a.${core.version}` : ""} THEN 'stale'
    ${spec.groups.map((g) => `WHEN ${ties(g)} THEN 'tie'`).join("\n    ")}
    WHEN ${[...spec.groups.map(took), ...Object.keys(spec.greatest).map((c) => `b.${c} IS DISTINCT FROM a.${c}`)].join("\n      OR ")} THEN 'updated'
    WHEN i.${core.version} < a.${core.version} THEN 'stale'
    WHEN i.${core.hash} IS DISTINCT FROM a.${core.hash} THEN 'stale'
    ELSE 'unchanged' END AS result,
  a.written AND a.${core.version} = i.${core.version} AND a.${core.hash} = i.${core.hash} AS won
FROM input i JOIN after a ON a.id = i.id LEFT JOIN before b ON b.id = i.id`;
  const name = `facts-${spec.table}${without === null ? "" : `-without-${without}`}`;
  return { name, text, columns: given };
}

/** Every column that a fact's row sets, with the hash of each group. */
export function columnsOf(spec: TableSpec): readonly (readonly [string, ColumnType])[] {
  return [
    ...spec.groups.flatMap((g) => [
      ...Object.entries(g.compared),
      ...Object.entries(g.uncompared),
      [g.version, "timestamptz"] as const,
      [g.hash, "text"] as const,
    ]),
    ...Object.entries(spec.greatest),
  ];
}

function assignments(spec: TableSpec, without: Guard | null): string[] {
  const [core] = spec.groups;
  const inGroup = (group: VersionGroup, column: string) =>
    `${column} = CASE WHEN ${takes(group, "excluded", "t", without)} THEN excluded.${column} ELSE t.${column} END`;
  return [
    ...(spec.tenant ? [inGroup(core, "installation_id")] : []),
    ...spec.groups.flatMap((group) =>
      [...Object.keys(group.compared), ...Object.keys(group.uncompared), group.version, group.hash].map((column) =>
        inGroup(group, column),
      ),
    ),
    ...Object.keys(spec.greatest).map((column) => `${column} = GREATEST(t.${column}, excluded.${column})`),
    inGroup(core, "observed_at"),
    `deleted_at = ${tombstone(spec, "excluded", "t", without)}`,
  ];
}

/** Same version, other content, unknown order: GitHub must be read. */
function ties(group: VersionGroup): string {
  return `i.observed_at IS NULL AND i.${group.version} = a.${group.version} AND i.${group.hash} <> a.${group.hash}`;
}

function took(group: VersionGroup): string {
  return `(i.${group.version} = a.${group.version} AND i.${group.hash} = a.${group.hash}
        AND (b.${group.version}, b.${group.hash}) IS DISTINCT FROM (a.${group.version}, a.${group.hash}))`;
}
