import type { RepositoryRef } from "../../domain.js";
import type { EffectOf } from "../../effects/effect.js";
import type { Change } from "./change.js";
import type { Inspection } from "./inspect/protocol.js";
import type { RuleRecord } from "./precision.js";
import type { KnownFinding } from "./reconcile.js";
import type { ReviewerFacts } from "./reviewers.js";
import type { Severity } from "./rules/rule.js";
import type { SkipFacts } from "./skip.js";

/** A finding of an earlier run with the file that it was about. */
export interface StoredFinding extends KnownFinding {
  /** Null: the pull request as a whole. */
  readonly path: string | null;
  /** As it was told. */
  readonly severity: Severity;
  readonly source: "rule" | "model";
  readonly says: string;
}

/** All that a review is decided by. Whoever calls has read it; the agent reads nothing. */
export interface ReviewSubject {
  readonly repository: RepositoryRef;
  readonly headSha: string;
  /** Whoever pressed 'Re-run' waits for a check, also for the same one: what makes it another. Null: nobody did. */
  readonly askedBy: string | null;
  readonly skip: SkipFacts;
  /** The change from the base to the head, the texts of the files as far as they were read. */
  readonly change: Change;
  /** By path: what an earlier review found in files that are still the same. Their texts were not read again. */
  readonly carried: ReadonlyMap<string, Inspection>;
  /** Whether the App may mark review threads as resolved. */
  readonly mayResolveThreads: boolean;
  /** A review of ours stands at this head: GitHub gets one for a head, so what is new has to wait for the next. */
  readonly reviewStands: boolean;
  /** Files of the change that could not even be listed. */
  readonly unlisted: number;
  /** The check of the last review; null: there is none. */
  readonly lastCheck: EffectOf<"check-run"> | null;
  readonly known: readonly StoredFinding[];
  /** Rules that `/ignore` switched off in this pull request. */
  readonly ignoredRules: ReadonlySet<string>;
  /** What became of each rule's findings in this repository. */
  readonly records: readonly RuleRecord[];
  readonly reviewers: Omit<ReviewerFacts, "change" | "author">;
  readonly authorEarlier: number | null;
}
