import type { Seconds } from "../organisation/account.js";

/** GitHub's form of a time: ISO 8601 in UTC without fractions. */
export function iso(seconds: Seconds): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function isoOrNull(seconds: Seconds | null): string | null {
  return seconds === null ? null : iso(seconds);
}
