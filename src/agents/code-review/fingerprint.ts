import { createHmac } from "node:crypto";
import type { Match } from "./rules/match.js";
import type { FingerprintKey } from "./inspect-change.js";

interface Found {
  readonly rule: string;
  readonly match: Match;
  /** The line's text; empty without a line. */
  readonly text: string;
}

/**
 * A fingerprint for each of these, in order: of the rule, the file and the line's words (or the rule's own
 * distinction), but not of line numbers. Equal ones are numbered. Keyed, because a line may contain a secret.
 */
export function fingerprintsOf(found: readonly Found[], key: FingerprintKey): readonly string[] {
  const seen = new Map<string, number>();
  return found.map(({ rule, match, text }) => {
    const what = JSON.stringify([rule, match.path, match.identity ?? text.replaceAll(/\s+/g, " ").trim()]);
    const nth = seen.get(what) ?? 0;
    seen.set(what, nth + 1);
    return createHmac("sha256", key).update(`${what}#${nth}`).digest("hex").slice(0, 32);
  });
}
