import type { RepositoryRef } from "../../domain.js";
import type { EffectOf } from "../../effect.js";
import type { Change } from "./change.js";
import type { RuleRecord } from "./precision.js";
import type { KnownFinding } from "./reconcile.js";
import type { ReviewerFacts } from "./reviewers.js";
import type { SkipFacts } from "./skip.js";

/** A finding of an earlier run with the file that it was about. */
export interface StoredFinding extends KnownFinding {
  /** Null: the pull request as a whole. */
  readonly path: string | null;
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
  readonly authorMerged: number | null;
}
