import { storable, storableJson } from "../../text/storable.js";
import type { ColumnType } from "./table.js";

/**
 * A column's values as the text of a PostgreSQL array, for `unnest`; a list or an object of JSON is the text of one element.
 * `pg` would do the same for arrays, in three times the time:
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(values: readonly unknown[], type: ColumnType): string {
  return `{${values.map((value) => element(value, type)).join(",")}}`;
}

/** What the array holds for a column: an array of arrays would have to be rectangular. */
export function elementOf(type: ColumnType): string {
  return type === "text[]" || type === "jsonb" ? "text" : type;
}

function element(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return "NULL";
  if (type === "jsonb") return quoted(storableJson(value));
  if (Array.isArray(value)) return quoted(arrayLiteral(value, "text"));
  if (typeof value === "string") return quoted(storable(value));
  // Numbers and truth are written alike in both.
  return JSON.stringify(value);
}

function quoted(text: string): string {
  // Most texts have nothing to escape, and to look for it is faster than to replace it.
  if (!text.includes('"') && !text.includes("\\")) return `"${text}"`;
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
