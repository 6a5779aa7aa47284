/**
 * The meaning of a failure. The first four are the original architecture's. `forbidden`: the token may not make this
 * call. `gone` and `invalid` are never retried.
 */
export const ERROR_KINDS = [
  "rate-limit",
  "authentication",
  "network",
  "unknown",
  "forbidden",
  "gone",
  "invalid",
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];
