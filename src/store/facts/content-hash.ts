import { hash } from "node:crypto";
import type { SetSpec, TableSpec, VersionGroup } from "./table.js";

interface Row {
  readonly [column: string]: unknown;
}

interface Contents {
  readonly row: Row;
  readonly sets?: { readonly [property: string]: readonly Row[] | null };
}

/**
 * A digest of the content that GitHub versions: the compared columns of a group and, for the row itself, its child
 * sets.
 */
export function contentHash(spec: TableSpec, group: VersionGroup, { row, sets }: Contents): string {
  const content: unknown[] = [];
  for (const column in group.compared) content.push(ordered(row[column]));
  if (group === spec.groups[0]) for (const set of spec.sets) content.push(members(set, sets?.[set.property] ?? []));
  return hash("sha1", JSON.stringify(content), "base64");
}

function members({ key, compared }: SetSpec, rows: readonly Row[]): string[] {
  return rows
    .map((row) => {
      const values: unknown[] = [];
      for (const column in key) values.push(row[column]);
      for (const column in compared) values.push(row[column]);
      return JSON.stringify(values);
    })
    .sort();
}

/** GitHub lists permissions and events in no guaranteed order. */
function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(String).sort();
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
