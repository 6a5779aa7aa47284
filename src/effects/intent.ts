import { createHash } from "node:crypto";
import { storable } from "../text/storable.js";
import type { Effect } from "./effect.js";

/** JSON with sorted keys and with bigints as strings: equal values always give equal text, stored or not. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === "bigint") return String(part);
    if (typeof part === "string") return storable(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part).map(([name, inner]): [string, unknown] => [storable(name), inner]);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * A SHA-256 (hex) of the effect and its target. It excludes the reason and the repository's name: rewording a reason or
 * renaming a repository must not repeat an effect.
 */
export function intentOf(effect: Effect): string {
  const what = { ...effect, reason: undefined, repository: effect.repository.id };
  return createHash("sha256").update(canonicalJson(what)).digest("hex");
}
