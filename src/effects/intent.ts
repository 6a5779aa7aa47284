import { createHash } from "node:crypto";
import { storable } from "../text/storable.js";
import type { Effect } from "./effect.js";

/** JSON for a column, with sorted keys and bigints as strings: the same value always gives the same text, stored or not. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === "bigint") return String(part);
    if (typeof part === "string") return storable(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * sha256, hex, of what is to be done and where. Not of why it is done, nor of the repository's name: reasons are
 * reworded and repositories renamed without anything being wanted twice.
 */
export function intentOf(effect: Effect): string {
  const what = { ...effect, reason: undefined, repository: effect.repository.id };
  return createHash("sha256").update(canonicalJson(what)).digest("hex");
}
