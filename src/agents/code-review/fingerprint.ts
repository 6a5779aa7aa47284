import { createHmac } from "node:crypto";
import type { Match } from "./rules/match.js";
import type { FingerprintKey } from "./inspect-change.js";

interface Found {
  readonly rule: string;
  readonly match: Match;
  /** The line's text; empty where there is none. */
  readonly text: string;
}

/**
 * A fingerprint for each of these, in order. Made of the rule, the file and the line's words (or what the rule says tells
 * it apart), and not of line numbers; the n-th of several equal ones counts n. Keyed, since a line may hold a secret.
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
