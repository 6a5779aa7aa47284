/** What PostgreSQL takes in no text: NUL. What has no UTF-8, and which `jsonb` refuses: half a surrogate pair. */
const UNSTORABLE = /[\0\uD800-\uDFFF]/;

/** The text as PostgreSQL can hold it, in a column of text and inside JSON: NUL and lone surrogates become U+FFFD. */
export function storable(text: string): string {
  if (!UNSTORABLE.test(text)) return text;
  return Buffer.from(text.replaceAll("\0", "\uFFFD"), "utf8").toString("utf8");
}

/** How JSON writes them: NUL as an escape, half a pair as one (a whole pair is written as it is). */
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** A value as JSON text for a `json` or `jsonb` column. Its texts and the names of its fields are made storable. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return SUSPECT.test(json) ? JSON.stringify(value, replaceUnstorable) : json;
}

function replaceUnstorable(_key: string, part: unknown): unknown {
  if (typeof part === "string") return storable(part);
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  const entries = Object.entries(part);
  return entries.some(([name]) => UNSTORABLE.test(name))
    ? Object.fromEntries(entries.map(([name, inner]) => [storable(name), inner]))
    : part;
}
