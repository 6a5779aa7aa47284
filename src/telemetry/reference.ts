import { randomUUID } from "node:crypto";

const GIVEN = new WeakMap<object, string>();

/**
 * The id of an error, 32 hexadecimal digits: the same in the log, in error tracking, in its trace and in the answer.
 */
export function referenceOf(error: unknown): string {
  const fresh = randomUUID().replaceAll("-", "");
  if (typeof error !== "object" || error === null) return fresh;
  const reference = GIVEN.get(error) ?? fresh;
  GIVEN.set(error, reference);
  return reference;
}
