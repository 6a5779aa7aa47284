import { storable, storableJson } from "../../text/storable.js";
import type { ColumnType } from "./table.js";

/**
 * A column's values as a PostgreSQL array literal, for `unnest`; a list or object is the JSON text of one element. `pg`
 * would do the same for arrays in three times the time: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(values: readonly unknown[], type: ColumnType): string {
  return `{${values.map((value) => element(value, type)).join(",")}}`;
}

/** The element type of a column's array. An array of arrays would have to be rectangular, so lists become JSON. */
export function elementOf(type: ColumnType): string {
  return type === "text[]" || type === "jsonb" ? "text" : type;
}

function element(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return "NULL";
  if (type === "jsonb") return quoted(storableJson(value));
  if (Array.isArray(value)) return quoted(arrayLiteral(value, "text"));
  if (typeof value === "string") return quoted(storable(value));
  // Numbers and booleans have the same text in both.
  return JSON.stringify(value);
}

function quoted(text: string): string {
  // Most texts need no escaping, and checking is faster than replacing.
  if (!text.includes('"') && !text.includes("\\")) return `"${text}"`;
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
