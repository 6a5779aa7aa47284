import type { ErrorKind } from "../errors.js";

/** The result of a question to another system. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T; readonly seconds: number }
  | { readonly ok: false; readonly kind: ErrorKind; readonly reason: string; readonly seconds: number };
