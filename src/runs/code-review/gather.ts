import { codeReviewAgent, type ReviewDecision } from "../../agents/code-review/agent.js";
import { parseCodeowners } from "../../agents/code-review/codeowners/parse.js";
import type { ReviewSubject } from "../../agents/code-review/subject.js";
import type { Settings } from "../../settings/schema.js";
import { type EffectOf, reviewTarget } from "../../effects/effect.js";
import type { GitHubClient } from "../../github/client.js";
import type { ReviewContext } from "../../github/review/context.js";
import { stands } from "../../store/effects/ledger.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import { ignoredRules } from "../../store/reviews/feedback.js";
import { fingerprintKey } from "../../store/reviews/fingerprint-key.js";
import { ruleRecords, toldFindings } from "../../store/reviews/findings.js";
import { openReviews, type StoredPullRequest } from "../../store/reviews/pull-request.js";
import type { Store } from "../../store/store.js";
import { dismissersAmong } from "./dismissers.js";
import { type KnownFindings, knownFindings, objectionsIn } from "./known-findings.js";
import type { ReviewOptions } from "./options.js";
import { readAsNeeded } from "./read-as-needed.js";
import { readBy } from "./stored-reading.js";

/** All that is at hand when a review begins. */
export interface ReviewFacts {
  readonly store: Store;
  readonly client: GitHubClient;
  readonly options: ReviewOptions;
  readonly repository: KnownRepository;
  readonly pull: StoredPullRequest;
  readonly context: ReviewContext;
  readonly settings: Settings;
  /** The last review; null: there was none, or it is to be forgotten. */
  readonly last: LastReview | null;
  /** Nothing is taken over from the last review's reading. */
  readonly full: boolean;
  /** The job that was asked for, by name; null: nobody asked. */
  readonly askedBy: string | null;
}

export interface LastReview {
  readonly sha: string | null;
  readonly check: EffectOf<"check-run"> | null;
  /** What it was decided by. */
  readonly input: unknown;
}

export interface Decided extends KnownFindings {
  readonly decision: ReviewDecision;
  /** What it was decided by, for the row of the run. */
  readonly input: {
    readonly base: string;
    readonly files: number;
    readonly lastReviewed: string | null;
    readonly forcePushed: boolean;
    readonly unlisted: number;
    /** A digest of what the change is, wherever it stands; null: GitHub does not list all of it. */
    readonly content: string | null;
    /** A digest of settings, rules and parsers. */
    readonly readBy: string;
    /** Files that an earlier review had read as they are. */
    readonly carried: number;
  };
  /** By path: what tells the next review whether a file is still the same. */
  readonly identities: ReadonlyMap<string, string>;
}

/** Reads what is missing, as little as the decision needs, and decides. */
export async function gatherAndDecide(facts: ReviewFacts): Promise<Decided> {
  const { store, settings, options, pull, repository } = facts;
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id, number: pull.number };
  const key = await fingerprintKey(store.sql);
  const second = options.second?.(scope);
  const agent = codeReviewAgent(options.inspector, key, second);
  const rows = await toldFindings(store.sql, { ...scope, shadow: settings.shadow });
  const { threads } = facts.context;
  const allowed = await dismissersAmong(objectionsIn(rows, threads), facts.client, repository.ref);
  const told = knownFindings(rows, threads, allowed);
  const by = readBy(settings.review, options.inspector);
  const read = await readAsNeeded(facts, by);
  const target = reviewTarget(pull.number, pull.head_sha);
  const subject: ReviewSubject = {
    repository: repository.ref,
    headSha: pull.head_sha,
    askedBy: facts.askedBy,
    skip: read.skip,
    change: read.change,
    carried: read.carried,
    reviewStands: await stands(store.sql, scope.installationId, scope.repositoryId, target),
    unlisted: read.unlisted,
    lastCheck: facts.last?.check ?? null,
    known: told.known,
    ignoredRules: await ignoredRules(store.sql, scope),
    records: await ruleRecords(store.sql, scope.installationId, scope.repositoryId),
    reviewers: {
      codeowners: parseCodeowners(facts.context.codeowners),
      history: read.history,
      openReviews: await openReviews(store.sql, scope.installationId),
      involved: pull.involved,
      available: facts.context.assignable,
    },
    authorMerged: pull.author_merged,
  };
  const decision = await agent.decide(subject, settings.review);
  const input = {
    base: facts.context.baseSha,
    files: read.change.files.length,
    lastReviewed: facts.last?.sha ?? null,
    forcePushed: read.forcePushed,
    unlisted: read.unlisted,
    content: read.content,
    readBy: by,
    carried: read.carried.size,
  };
  return { ...told, decision, input, identities: read.identities };
}
