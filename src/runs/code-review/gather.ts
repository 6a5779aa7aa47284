import { parseCodeowners } from "../../agents/code-review/codeowners/parse.js";
import type { AdvisorySource } from "../../agents/code-review/dependencies/advisory.js";
import type { FingerprintKey } from "../../agents/code-review/inspect-change.js";
import { type Inspector, inspectorFor } from "../../agents/code-review/inspect/inspector.js";
import type { ReviewSettings } from "../../agents/code-review/settings/settings.js";
import type { SecondReader } from "../../agents/code-review/second-reader.js";
import type { ReviewSubject } from "../../agents/code-review/subject.js";
import { type EffectOf, reviewTarget } from "../../effects/effect.js";
import type { ReviewContext } from "../../github/review/context.js";
import { stands } from "../../store/effects/ledger.js";
import { ignoredRules } from "../../store/reviews/feedback.js";
import { fingerprintKey } from "../../store/reviews/fingerprint-key.js";
import { ruleRecords, postedFindings } from "../../store/reviews/findings.js";
import { openReviews, type StoredPullRequest } from "../../store/reviews/pull-request.js";
import type { Said } from "../../text/say.js";
import { mayCall } from "../permissions.js";
import type { Run } from "../run.js";
import { proposedSettings } from "../settings/proposed-settings.js";
import type { FileProblems, ReadSettings } from "../settings/read-settings.js";
import { dismissersAmong } from "./dismissers.js";
import { type KnownFindings, knownFindings, objectionsIn } from "./known-findings.js";
import { readAsNeeded } from "./read-as-needed.js";
import { readBy } from "./stored-reading.js";

/** The facts that are known before the change is read. */
export interface ReviewFacts {
  readonly run: Run;
  readonly pull: StoredPullRequest;
  readonly context: ReviewContext;
  readonly read: ReadSettings;
  readonly settings: ReviewSettings;
  /** The last review; null: none, or a full review was requested. */
  readonly last: LastReview | null;
  /** The latest result for this head is that it was not reviewed. */
  readonly silenced: boolean;
  /** Nothing is reused from the last review's reading. */
  readonly full: boolean;
}

export interface LastReview {
  readonly sha: string | null;
  readonly check: EffectOf<"check-run"> | null;
  /** The inputs of the decision. */
  readonly input: unknown;
}

/** Everything that the review decides on, and the data for its rows. */
export interface Gathered extends KnownFindings {
  readonly subject: ReviewSubject;
  readonly deciding: {
    readonly inspector: Inspector;
    readonly key: FingerprintKey;
    readonly second: SecondReader | undefined;
    readonly advisories: AdvisorySource | null;
  };
  readonly read: ReadSettings;
  /** Problems of the settings file that the change writes; null: it writes none, or is not reviewed. */
  readonly proposed: FileProblems | null;
  /** The inputs of the decision, for the run's row. */
  readonly input: {
    readonly base: string;
    readonly files: number;
    readonly lastReviewed: string | null;
    readonly forcePushed: boolean;
    readonly unlisted: number;
    /** A digest of the facts beside the code that a review depends on. */
    readonly about: string;
    /** A digest of the change itself, independent of its base; null: GitHub does not list all of it. */
    readonly content: string | null;
    /** A digest of settings, rules and parsers. */
    readonly readBy: string;
    /** Unchanged files that an earlier review has read. */
    readonly carried: number;
  };
  /** By path: a digest that shows the next review whether the file has changed. */
  readonly identities: ReadonlyMap<string, string>;
}

/** Reads the missing data, and no more than the decision needs. */
export async function gather(facts: ReviewFacts): Promise<Gathered> {
  const { run, settings, pull, context } = facts;
  const { services, repository } = run;
  const missing: Said[] = [];
  const { sql } = run.context.store;
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id, number: pull.number };
  const { shadow } = facts.read.settings;
  const rows = await postedFindings(sql, { ...scope, shadow });
  const allowed = await dismissersAmong(objectionsIn(rows, context.threads), run, missing);
  const told = knownFindings(rows, context.threads, allowed);
  const by = readBy(settings, services.inspector);
  const read = await readAsNeeded(facts, by, missing);
  const target = reviewTarget(pull.number, pull.head_sha);
  const subject: ReviewSubject = {
    repository: repository.ref,
    headSha: pull.head_sha,
    // A second review of the same head gets its own check.
    askedBy: run.asked.asked || read.judgedAgain ? `job ${run.context.jobId}` : null,
    skip: read.skip,
    change: read.change,
    carried: read.carried,
    mayResolveThreads: mayCall(run.permissions, "MUTATION resolveReviewThread"),
    reviewStands: await stands(sql, scope.installationId, scope.repositoryId, target),
    unlisted: read.unlisted,
    missing,
    lastCheck: facts.last?.check ?? null,
    known: told.known,
    ignoredRules: await ignoredRules(sql, scope),
    records: await ruleRecords(sql, scope.installationId, scope.repositoryId),
    reviewers: {
      codeowners: parseCodeowners(context.codeowners),
      history: read.history,
      openReviews: await openReviews(sql, scope.installationId),
      involved: pull.involved,
      available: context.assignable,
    },
    authorEarlier: pull.author_earlier,
    rulesUrl: services.rulesUrl ?? null,
  };
  const input = {
    base: context.baseSha,
    files: read.change.files.length,
    lastReviewed: facts.last?.sha ?? null,
    forcePushed: read.forcePushed,
    unlisted: read.unlisted,
    about: read.about,
    content: read.content,
    readBy: by,
    carried: read.carried.size,
  };
  const inspector = inspectorFor(services.inspector, scope.installationId);
  const advisories = services.advisories?.sourceOf(run.client) ?? null;
  const deciding = { inspector, key: await fingerprintKey(sql), second: services.second?.(scope), advisories };
  const proposed = await proposedSettings(run, read.change, pull.head_sha);
  return { ...told, subject, deciding, read: facts.read, proposed, input, identities: read.identities };
}
