import { z } from "zod";
import { storable } from "../text/storable.js";

/** GitHub's ids fit a double; ours are stored as bigint. */
export const id = z.number().int();

/** A number that a column of 32 bits holds. */
export const count = z.int32();

/**
 * An instant as GitHub writes it: ISO 8601 with any offset, or seconds since 1970 in pushes and installations. One of a
 * year that ISO 8601 writes with five digits is no instant: PostgreSQL does not read it.
 */
export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return date.toISOString();
  context.addIssue({ code: "custom", message: "not an instant" });
  return z.NEVER;
});

/** Text that PostgreSQL can hold: NUL and lone surrogates become the replacement character. */
export const text = z.string().transform(storable);

/**
 * Optional and null mean the same to us, and so does what cannot be read: one such field (Git allows commit dates that
 * are none) must not sink the rest of its delivery or page.
 */
export function orNull<T extends z.ZodType>(schema: T) {
  return schema
    .nullish()
    .transform((value) => value ?? null)
    .catch(null);
}

/** A list, or null where there is none. GitHub puts null in place of some who are gone: they are left out. */
export function listOf<T extends z.ZodType>(schema: T) {
  return z
    .array(schema.nullable())
    .nullish()
    .transform((items) => items?.filter((item): item is NonNullable<typeof item> => item !== null) ?? null);
}

/** Text that may be missing: REST gives null where GraphQL gives an empty text, and so both are null here. */
export const textOrNothing = orNull(text).transform((value) => (value === "" ? null : value));

/** The latest of some instants; ISO 8601 in UTC with milliseconds sorts as text. */
export function latest(first: string, ...others: readonly (string | null)[]): string {
  return others.reduce<string>((best, next) => (next !== null && next > best ? next : best), first);
}

/** Older than any version that GitHub gives: the first real body replaces such a row. */
export const BEFORE_ANY_VERSION = new Date(0).toISOString();
