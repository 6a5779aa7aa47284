import type { Finding } from "./finding.js";

/** A finding of an earlier run, as stored. */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly rule: string;
  /** `dismissed` and `ignored` come from people; these findings never return. */
  readonly state: "open" | "fixed" | "dismissed" | "ignored";
  /** GraphQL's id of its thread; null: it had no comment of its own. */
  readonly threadId: string | null;
  /** GraphQL's id of its comment. */
  readonly commentId: string | null;
  /** The text of its comment, with the hidden marker. */
  readonly body: string | null;
  readonly resolved: boolean;
  /** A person answered in the thread, so the App leaves it open. */
  readonly answered: boolean;
}

export interface Reconciled<K extends KnownFinding = KnownFinding> {
  /** Not posted yet. */
  readonly fresh: readonly Finding[];
  /** Posted before, and still present. */
  readonly repeated: readonly Finding[];
  /** Present, but dismissed, ignored or muted. */
  readonly silenced: readonly Finding[];
  /** Was open, and no longer exists. */
  readonly fixed: readonly K[];
  /** `/ignore` switched its rule off, and its thread is still open. */
  readonly ignored: readonly K[];
  /** Was open, and its location could not be read: it is assumed to remain. */
  readonly unseen: readonly K[];
}

/**
 * Compares findings: new, posted before, fixed. `covered` says whether the location of an earlier finding was read this
 * time; an unread location does not count as fixed.
 */
export function reconcile<K extends KnownFinding>(
  known: readonly K[],
  current: readonly Finding[],
  ignoredRules: ReadonlySet<string>,
  covered: (finding: K) => boolean,
): Reconciled<K> {
  const before = new Map(known.map((finding) => [finding.fingerprint, finding]));
  const now = new Set(current.map(({ fingerprint }) => fingerprint));
  const stateOf = ({ fingerprint }: Finding) => before.get(fingerprint)?.state;
  const isSilenced = (finding: Finding) =>
    ignoredRules.has(finding.rule) || stateOf(finding) === "dismissed" || stateOf(finding) === "ignored";
  const wanted = current.filter((finding) => !isSilenced(finding));
  const gone = known.filter(({ state, fingerprint }) => state === "open" && !now.has(fingerprint));
  return {
    fresh: wanted.filter((finding) => stateOf(finding) === undefined || stateOf(finding) === "fixed"),
    repeated: wanted.filter((finding) => stateOf(finding) === "open"),
    silenced: current.filter(isSilenced),
    fixed: gone.filter(covered),
    ignored: known.filter(
      ({ rule, state, resolved, threadId }) =>
        threadId !== null && !resolved && (state === "ignored" || (state === "open" && ignoredRules.has(rule))),
    ),
    unseen: gone.filter((finding) => !covered(finding)),
  };
}
