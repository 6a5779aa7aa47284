/**
 * What a failure means. The first four are the original architecture's; `forbidden` is one call that the token may not
 * make; `gone` and `invalid` are never worth a retry.
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
