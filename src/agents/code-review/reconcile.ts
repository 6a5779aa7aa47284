import type { Finding } from "./finding.js";

/** A finding of an earlier run, as it is stored. */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly rule: string;
  /** `dismissed` and `ignored` are what people said; they never come back. */
  readonly state: "open" | "fixed" | "dismissed" | "ignored";
  /** GraphQL's id of its thread; null when it had no comment of its own. */
  readonly threadId: string | null;
  /** GraphQL's id of its comment. */
  readonly commentId: string | null;
  /** The text of its comment, with our hidden marker. */
  readonly body: string | null;
  readonly resolved: boolean;
  /** A person answered in the thread: it is theirs now. */
  readonly answered: boolean;
}

export interface Reconciled<K extends KnownFinding = KnownFinding> {
  /** Not told yet. */
  readonly fresh: readonly Finding[];
  /** Told before, and still there. */
  readonly repeated: readonly Finding[];
  /** There, but people do not want to hear of it. */
  readonly silenced: readonly Finding[];
  /** Was open, and is gone. */
  readonly fixed: readonly K[];
  /** `/ignore` switched its rule off, and its thread is still open. */
  readonly ignored: readonly K[];
  /** Was open, and its place could not be looked at: it is taken to be there still. */
  readonly unseen: readonly K[];
}

/**
 * What is new, what was told, and what is gone. `covered` says whether the place of an earlier finding was read this
 * time: what was not looked at is not fixed.
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
