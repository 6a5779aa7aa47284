/**
 * Values as the text of a PostgreSQL array, for `unnest`. Objects are written as JSON and arrays as array literals, each as
 * the text of one element: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(element).join(",")}}`;
}

function element(value: unknown): string {
  switch (typeof value) {
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "string":
      return quoted(value);
    case "undefined":
      return "NULL";
    default:
      if (value === null) return "NULL";
      return quoted(Array.isArray(value) ? arrayLiteral(value) : JSON.stringify(value));
  }
}

function quoted(text: string): string {
  // Most texts have nothing to escape, and to look for it is three times as fast as to replace it.
  if (!text.includes('"') && !text.includes("\\")) return `"${text}"`;
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
