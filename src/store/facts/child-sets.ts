import { storableJson } from "../../text/storable.js";
import type { VersionedFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { lookUp } from "./look-up.js";
import type { FactScope } from "./scope.js";
import type { SetSpec, TableSpec } from "./table.js";
import type { Stored } from "./upsert.js";

/**
 * Replaces the child sets of parents whose facts were stored: deletes missing members, inserts new ones. It runs after
 * the parents' statement, which holds the parents' locks; so it sees all earlier commits.
 */
export async function replaceSets(
  sql: Sql,
  spec: TableSpec,
  stored: readonly Stored[],
  scope: FactScope,
): Promise<void> {
  if (spec.sets.length === 0) return;
  const parents = scope.without === "child-sets" ? stored : stored.filter(({ won }) => won);
  // Of two facts of one row the later one was stored.
  const last = [...new Map(parents.map((each) => [each.fact.row.id, each])).values()];
  if (last.length === 0) return;
  const values = spec.sets.flatMap((set) => {
    const known = last.flatMap(({ fact, result }) => {
      const members = membersOf(set, fact);
      return members === null ? [] : [{ id: fact.row.id, result, members: distinct(set, fact.row.id, members) }];
    });
    // A new row has no set yet.
    const held = known.filter(({ result }) => result !== "inserted");
    return [held.map(({ id }) => id), storableJson(known.flatMap(({ members }) => members))];
  });
  const partial = last.flatMap(({ fact }) => ("partial" in fact && fact.partial ? [fact.row.id] : []));
  const unseen = spec.sets.some((set) => set.unseen !== undefined) ? [partial] : [];
  await sql.query(statement(spec), [scope.installationId, ...values, ...unseen], `facts-sets-of-${spec.table}`);
}

/** Null when the fact does not know the set. */
function membersOf(set: SetSpec, fact: VersionedFact): readonly object[] | null {
  if (!("sets" in fact)) return null;
  const sets: { readonly [property: string]: readonly object[] | null } = fact.sets;
  return sets[set.property] ?? null;
}

function distinct(set: SetSpec, parentId: number, members: readonly object[]): object[] {
  const keys = Object.keys(set.key);
  const found = new Map(
    members.map((member) => {
      const values = new Map<string, unknown>(Object.entries(member));
      return [storableJson(keys.map((key) => values.get(key))), { ...member, [set.parent]: parentId }];
    }),
  );
  return [...found.values()];
}

/**
 * $1 the installation; then, for each set, the ids of the parents that may have other members, and the members as JSON;
 * last, where a set has members that some sources do not show, the ids of the parents from such a source.
 */
function statement(spec: TableSpec): string {
  const steps = spec.sets.flatMap((set, index) => {
    const input = `input_${index}`;
    const keys = [set.parent, ...Object.keys(set.key)];
    const rest = [...Object.keys(set.compared), ...Object.keys(set.uncompared)];
    const types = { [set.parent]: "bigint", ...set.key, ...set.compared, ...set.uncompared };
    const fixed = Object.entries(set.fixed);
    const here = fixed.map(([column, value]) => ` AND found.${column} = '${value}'`).join("");
    const partial = `$${2 * spec.sets.length + 2}::bigint[]`;
    const kept =
      set.unseen === undefined ? "" : ` AND (t.${set.parent} = ANY(${partial}) AND ${set.unseen}) IS NOT TRUE`;
    const same = (of: string) => keys.map((key) => `i.${key} = ${of}.${key}`).join(" AND ");
    const listed = (row: string) => keys.map((key) => `${row}.${key}`).join(", ");
    const columns = ["installation_id", ...fixed.map(([column]) => column), ...keys, ...rest];
    const values = [
      "$1::bigint",
      ...fixed.map(([, value]) => `'${value}'`),
      ...[...keys, ...rest].map((c) => `i.${c}`),
    ];
    return [
      `${input} AS MATERIALIZED (SELECT * FROM json_to_recordset($${2 * index + 3}::json)
        AS i(${Object.entries(types)
          .map(([column, type]) => `${column} ${type}`)
          .join(", ")}))`,
      // By position: the parents are locked, so the sets do not change meanwhile. NOT IN is always hashed; NOT EXISTS
      // became a nested loop over the thousands of rows of a page.
      `gone_${index} AS (DELETE FROM ${set.table} USING (
        SELECT t.ctid AS place FROM unnest($${2 * index + 2}::bigint[]) AS p(id)
        CROSS JOIN LATERAL (SELECT found.ctid, * FROM ${set.table} found WHERE found.${set.parent} = p.id${here} OFFSET 0) t
        WHERE (${listed("t")}) NOT IN (SELECT ${listed("i")} FROM ${input} i)${kept}) gone WHERE ctid = gone.place)`,
      `come_${index} AS (INSERT INTO ${set.table} AS t (${columns.join(", ")})
        SELECT ${values.join(", ")} FROM ${input} i ${lookUp(set.table, "t", `${same("found")}${here}`)}
        WHERE (${["t.installation_id = $1", ...rest.map((column) => `i.${column} = t.${column}`)].join(" AND ")}) IS NOT TRUE
        ORDER BY ${listed("i")}
        ON CONFLICT (${[...fixed.map(([column]) => column), ...keys].join(", ")})
        DO UPDATE SET ${["installation_id", ...rest].map((column) => `${column} = excluded.${column}`).join(", ")})`,
    ];
  });
  return `WITH ${steps.join(",\n")}\nSELECT 1`;
}
