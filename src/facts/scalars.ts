import { z } from "zod";

/** GitHub's ids fit a double; ours are stored as bigint. */
export const id = z.number().int();

/** An instant as GitHub writes it: ISO 8601 with any offset, or seconds since 1970 in pushes and installations. */
export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});

/** Text that PostgreSQL can hold: NUL and lone surrogates become the replacement character. */
export const text = z.string().transform(storable);

/** Optional and null mean the same to us. */
export function orNull<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null);
}

/** Text that may be missing: REST gives null where GraphQL gives an empty text, and so both are null here. */
export const textOrNothing = orNull(text).transform((value) => (value === "" ? null : value));

const UNSTORABLE = /[\0\uD800-\uDFFF]/;

function storable(value: string): string {
  if (!UNSTORABLE.test(value)) return value;
  return Buffer.from(value.replaceAll("\0", "\uFFFD"), "utf8").toString("utf8");
}

/** The latest of some instants; ISO 8601 in UTC with milliseconds sorts as text. */
export function latest(first: string, ...others: readonly (string | null)[]): string {
  return others.reduce<string>((best, next) => (next !== null && next > best ? next : best), first);
}

/** Older than any version that GitHub gives: the first real body replaces such a row. */
export const BEFORE_ANY_VERSION = new Date(0).toISOString();
