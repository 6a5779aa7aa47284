import { createHash } from "node:crypto";
import type { SetSpec, TableSpec, VersionGroup } from "./table.js";

interface Contents {
  readonly row: object;
  readonly sets?: { readonly [property: string]: readonly object[] };
}

/** A digest of what GitHub versions: the compared columns of a group and, for the row itself, its child sets. */
export function contentHash(spec: TableSpec, group: VersionGroup, fact: Contents): string {
  const row = new Map<string, unknown>(Object.entries(fact.row));
  const values = Object.keys(group.compared).map((column) => ordered(row.get(column)));
  const sets = group === spec.groups[0] ? spec.sets.map((set) => members(set, fact)) : [];
  return createHash("sha1")
    .update(JSON.stringify([values, sets]))
    .digest("base64");
}

function members(set: SetSpec, fact: Contents): string[] {
  const columns = [...Object.keys(set.key), ...Object.keys(set.compared)];
  return (fact.sets?.[set.property] ?? [])
    .map((member) => {
      const values = new Map<string, unknown>(Object.entries(member));
      return JSON.stringify(columns.map((column) => values.get(column)));
    })
    .sort();
}

/** GitHub gives permissions and events in no promised order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
