import { parseJson } from "../unchecked.js";

/**
 * Characters that PostgreSQL cannot store: NUL, and unpaired surrogates, which have no UTF-8 and which `jsonb` refuses.
 */
const UNSTORABLE = /[\0\uD800-\uDFFF]/;

/** The text in a form that PostgreSQL can store, as text and inside JSON: NUL and unpaired surrogates become U+FFFD. */
export function storable(text: string): string {
  if (!UNSTORABLE.test(text)) return text;
  return Buffer.from(text.replaceAll("\0", "\uFFFD"), "utf8").toString("utf8");
}

/** Their form in JSON: an escape for NUL or an unpaired surrogate (pairs are written directly). */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/** A value as JSON text for a `json` or `jsonb` column, with storable texts and field names. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return SUSPECT.test(json) ? JSON.stringify(value, replaceUnstorable) : json;
}

/**
 * Parses JSON of others. Its texts and the names of its fields are made storable.
 * @throws SyntaxError when it is not JSON.
 */
export function parseStorable(json: string): unknown {
  const value = parseJson(json);
  return SUSPECT.test(json) ? parseJson(JSON.stringify(value, replaceUnstorable)) : value;
}

function replaceUnstorable(_key: string, part: unknown): unknown {
  if (typeof part === "string") return storable(part);
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  const entries = Object.entries(part);
  return entries.some(([name]) => UNSTORABLE.test(name))
    ? Object.fromEntries(entries.map(([name, inner]) => [storable(name), inner]))
    : part;
}
