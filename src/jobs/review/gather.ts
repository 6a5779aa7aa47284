import { codeReviewAgent, type ReviewDecision } from "../../agents/code-review/agent.js";
import type { Change } from "../../agents/code-review/change.js";
import { parseCodeowners } from "../../agents/code-review/codeowners/parse.js";
import { skipOf, type SkipFacts } from "../../agents/code-review/skip.js";
import type { ReviewSubject } from "../../agents/code-review/subject.js";
import type { Settings } from "../../agents/settings/schema.js";
import type { EffectOf } from "../../effect.js";
import { GoneError } from "../../errors.js";
import type { GitHubClient } from "../../github/client.js";
import { compare, type Comparison } from "../../github/review/comparison.js";
import type { ReviewContext } from "../../github/review/context.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import { ignoredRules } from "../../store/reviews/feedback.js";
import { fingerprintKey } from "../../store/reviews/fingerprint-key.js";
import { ruleRecords, toldFindings } from "../../store/reviews/findings.js";
import { openReviews, type StoredPullRequest } from "../../store/reviews/pull-request.js";
import type { Store } from "../../store/store.js";
import { type KnownFindings, knownFindings } from "./known-findings.js";
import type { ReviewOptions } from "./options.js";
import { readChange } from "./read-change.js";

/** All that is at hand when a review begins. */
export interface ReviewFacts {
  readonly store: Store;
  readonly client: GitHubClient;
  readonly options: ReviewOptions;
  readonly repository: KnownRepository;
  readonly pull: StoredPullRequest;
  readonly context: ReviewContext;
  readonly settings: Settings;
  /** The head of the last review; null: there was none, or it is to be forgotten. */
  readonly lastSha: string | null;
  readonly lastCheck: EffectOf<"check-run"> | null;
  /** The job that was asked for, by name; null: nobody asked. */
  readonly askedBy: string | null;
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
  };
}

/** Reads what is missing, as little as the decision needs, and decides. */
export async function gatherAndDecide(facts: ReviewFacts): Promise<Decided> {
  const { store, settings, options, pull, repository } = facts;
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id, number: pull.number };
  const key = await fingerprintKey(store.sql);
  const second = options.second?.(scope);
  const agent = codeReviewAgent(options.inspector, key, second);
  const rows = await toldFindings(store.sql, { ...scope, shadow: settings.shadow });
  const told = knownFindings(rows, facts.context.threads);
  const read = await readAsNeeded(facts);
  const subject: ReviewSubject = {
    repository: repository.ref,
    headSha: pull.head_sha,
    askedBy: facts.askedBy,
    skip: read.skip,
    change: read.change,
    unlisted: read.unlisted,
    lastCheck: facts.lastCheck,
    known: told.known,
    ignoredRules: await ignoredRules(store.sql, scope),
    records: await ruleRecords(store.sql, scope.installationId, scope.repositoryId),
    reviewers: {
      codeowners: parseCodeowners(facts.context.codeowners),
      history: read.history,
      openReviews: await openReviews(store.sql, scope.installationId),
      involved: pull.involved,
      available: null,
    },
    authorMerged: pull.author_merged,
  };
  const decision = await agent.decide(subject, settings.review);
  const { baseSha: base } = facts.context;
  const { forcePushed, unlisted } = read;
  const input = { base, files: read.change.files.length, lastReviewed: facts.lastSha, forcePushed, unlisted };
  return { ...told, decision, input };
}

interface Read {
  readonly skip: SkipFacts;
  readonly change: Change;
  readonly history: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly forcePushed: boolean;
  readonly unlisted: number;
}

/** Stops reading as soon as there is a reason not to review. */
async function readAsNeeded(facts: ReviewFacts): Promise<Read> {
  const { client, repository, pull, context, settings, lastSha } = facts;
  const { number, title, head_sha: headSha } = pull;
  const pullRequest = { number, title, body: pull.body ?? "", linkedIssues: context.linkedIssues };
  const change: Change = { pullRequest, files: [], lockfiles: [] };
  const skip: SkipFacts = {
    state: pull.state,
    draft: pull.draft,
    author: pull.author_login,
    labels: pull.labels,
    paths: null,
    headSha: pull.head_repository_id === null ? null : headSha,
    lastReviewedSha: lastSha,
    onlyMerges: false,
    asked: facts.askedBy !== null,
  };
  const nothing = { skip, change, history: new Map(), forcePushed: false, unlisted: 0 };
  if (skipOf(skip, settings.review)) return nothing;
  const comparison = await compare(client, repository.ref, context.baseSha, headSha);
  if (!comparison) throw new GoneError(`the commits of #${number} are not there any more`);
  const since = lastSha === null ? null : await compare(client, repository.ref, lastSha, headSha);
  const forcePushed = lastSha !== null && since?.status !== "ahead" && since?.status !== "identical";
  const known = { ...skip, paths: pathsOf(comparison), onlyMerges: onlyMerges(since, comparison) };
  if (skipOf(known, settings.review)) return { ...nothing, skip: known, forcePushed };
  const place = { repository: repository.ref, headSha, changedFiles: context.changedFiles };
  const read = await readChange(client, place, comparison, pullRequest, settings.review);
  const paths = read.unlisted > 0 ? null : read.change.files.map(({ path }) => path);
  return { ...read, skip: { ...known, paths }, forcePushed };
}

/** Of the commits that are new since the last review, none but merges belongs to the pull request itself. */
function onlyMerges(since: Comparison | null, comparison: Comparison): boolean {
  if (since?.status !== "ahead" || !since.allCommits || !comparison.allCommits) return false;
  const own = new Set(comparison.commits.map(({ sha }) => sha));
  const fresh = since.commits.filter(({ sha }) => own.has(sha));
  return fresh.every(({ merge }) => merge);
}

/** Null where the listing may go on. */
function pathsOf({ files }: Comparison): readonly string[] | null {
  return files.length < 300 ? files.map(({ filename }) => filename) : null;
}
