import type { RepositoryRef } from "../../domain.js";
import type { EffectOf } from "../../effects/effect.js";
import type { Change } from "./change.js";
import type { Inspection } from "./inspect/protocol.js";
import type { RuleRecord } from "./precision.js";
import type { KnownFinding } from "./reconcile.js";
import type { ReviewerFacts } from "./reviewers.js";
import type { Severity } from "./rules/rule.js";
import type { Said } from "../../text/say.js";
import type { SkipFacts } from "./skip.js";

/** A finding of an earlier run with its file. */
export interface StoredFinding extends KnownFinding {
  /** Null: the whole pull request. */
  readonly path: string | null;
  /** As posted. */
  readonly severity: Severity;
  readonly source: "rule" | "model";
  readonly says: string;
}

/** The complete input of a review. The caller has read it; the agent reads nothing. */
export interface ReviewSubject {
  readonly repository: RepositoryRef;
  readonly headSha: string;
  /** Identifies a re-run, whose requester waits for a new check even with the same result. Null: not a re-run. */
  readonly askedBy: string | null;
  readonly skip: SkipFacts;
  /** The change from the base to the head, with the texts that were read. */
  readonly change: Change;
  /** By path: results of an earlier review for unchanged files, whose texts were not read again. */
  readonly carried: ReadonlyMap<string, Inspection>;
  /** Whether the App may resolve review threads. */
  readonly mayResolveThreads: boolean;
  /** This head already has a review by the App. GitHub gets one for each head, so new findings wait for the next. */
  readonly reviewStands: boolean;
  /** The number of files that GitHub did not list. */
  readonly unlisted: number;
  /** Other data that could not be read, with the reasons. */
  readonly missing: readonly Said[];
  /** The check of the last review; null: none. */
  readonly lastCheck: EffectOf<"check-run"> | null;
  readonly known: readonly StoredFinding[];
  /** Rules that `/ignore` switched off in this pull request. */
  readonly ignoredRules: ReadonlySet<string>;
  /** The fate of each rule's findings in this repository. */
  readonly records: readonly RuleRecord[];
  readonly reviewers: Omit<ReviewerFacts, "change" | "author">;
  readonly authorEarlier: number | null;
  /** Where the pages of the rules are, with a slash at the end; null: nowhere. */
  readonly rulesUrl: string | null;
}
