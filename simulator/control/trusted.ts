import { z } from "zod";

/**
 * Takes a value for what its types say. Only for what our own typed client and server say to each other, which no
 * schema checks a second time.
 */
export function trusted<T>(value: unknown): T {
  return z.custom<T>(() => true).parse(value);
}
