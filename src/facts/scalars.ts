import { z } from "zod";
import { storable } from "../text/storable.js";

/** GitHub's ids fit in a double; they are stored as bigint. */
export const id = z.number().int();

/** A number that fits in a 32-bit column. */
export const count = z.int32();

/**
 * A time in GitHub's forms: ISO 8601 with any offset, or seconds since 1970 in pushes and installations. A year with
 * five digits is invalid, because PostgreSQL cannot read it.
 */
export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return date.toISOString();
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});

/** Text that PostgreSQL can store: NUL and lone surrogates become the replacement character. */
export const text = z.string().transform(storable);

/** Optional and null are treated alike. An unreadable value fails: for a field that decides something. */
export function orNull<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null);
}

/**
 * Null also where it cannot be read, for a field that only people read: one such field (Git allows commit dates that are
 * none) must not sink the rest of its delivery or page.
 */
export function ifReadable<T extends z.ZodType>(schema: T) {
  return orNull(schema).catch(null);
}

/** A list, or null. GitHub puts null in place of deleted accounts; these entries are left out. */
export function listOf<T extends z.ZodType>(schema: T) {
  return z
    .array(schema.nullable())
    .nullish()
    .transform((items) => items?.filter((item): item is NonNullable<typeof item> => item !== null) ?? null);
}

/** Optional text: REST returns null and GraphQL an empty text, so both become null. */
export const textOrNothing = ifReadable(text).transform((value) => (value === "" ? null : value));

/** The latest of some times; ISO 8601 in UTC with milliseconds sorts as text. */
export function latest(first: string, ...others: readonly (string | null)[]): string {
  return others.reduce<string>((best, next) => (next !== null && next > best ? next : best), first);
}

/** Older than any version from GitHub: the first real body replaces such a row. */
export const BEFORE_ANY_VERSION = new Date(0).toISOString();
