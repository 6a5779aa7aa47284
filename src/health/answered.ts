import type { ErrorKind } from "../errors.js";

/** What came of asking somebody something. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T; readonly seconds: number }
  | { readonly ok: false; readonly kind: ErrorKind; readonly reason: string; readonly seconds: number };
