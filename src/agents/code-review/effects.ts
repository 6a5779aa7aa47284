import { type Effect, type EffectOf, writesOf } from "../../effects/effect.js";
import type { ReviewSettings } from "./settings/settings.js";
import { toMarkdown, toPlain } from "../../text/markdown.js";
import type { Finding } from "./finding.js";
import type { Gap } from "./gaps.js";
import type { MutedRule } from "./precision.js";
import type { KnownFinding, Reconciled } from "./reconcile.js";
import { CHECK_NAME, checkResult } from "./render/check-run.js";
import { inlineComment } from "./render/inline-comment.js";
import { reviewBody } from "./render/review-body.js";
import { proposeReviewers } from "./reviewers.js";
import { type Risk, type RiskAssessment, RISKS } from "./risk.js";
import { type Inline, select } from "./select.js";
import type { Skip, SkipId } from "./skip.js";
import type { ReviewSubject, StoredFinding } from "./subject.js";

interface Outcome extends Reconciled<StoredFinding> {
  readonly waiting: readonly Finding[];
  readonly assumed: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly muted: readonly MutedRule[];
  readonly risk: RiskAssessment;
}

type Base = Pick<Effect, "repository" | "occasion" | "reason">;

/**
 * The most write requests for one head of a pull request: pushes by a stranger must not use up an organisation's limit.
 */
export const MOST_WRITES = 20;
/** The part of them reserved for the settings check. */
const SETTINGS_WRITES = 1;

export interface ReviewEffects {
  readonly effects: readonly Effect[];
  /** The fixed findings whose threads are resolved now. */
  readonly fixed: readonly StoredFinding[];
  /** The other fixed findings: they stay stored, and the review of the next head resolves them. */
  readonly later: readonly StoredFinding[];
}

/** The effects of a review: always a check; a review only for new findings; resolved threads of fixed ones. */
export function reviewEffects(subject: ReviewSubject, settings: ReviewSettings, outcome: Outcome): ReviewEffects {
  const base = (reason: string): Base => ({ repository: subject.repository, occasion: subject.headSha, reason });
  const checkBase = { ...base("the result of the review"), occasion: checkOccasion(subject) };
  const check = (later: number) => checkEffect(subject, settings, outcome, later, checkBase);
  const review = reviewEffect(subject, settings, outcome, base("new findings"));
  const about = [
    ...(settings.riskLabels
      ? [riskEffect(subject, outcome.risk, base(outcome.risk.reasons.map(toPlain).join("; ")))]
      : []),
    ...(settings.reviewers.propose ? reviewerEffects(subject, settings, base) : []),
  ];
  const used = [check(0), ...review, ...about].reduce((sum, effect) => sum + writesOf(effect), SETTINGS_WRITES);
  const close = (findings: readonly StoredFinding[], over: string, reason: string) =>
    findings.map((finding) => closingOf(finding, over, subject, base(reason)));
  const { effects, left } = closeWithin(MOST_WRITES - used, [
    ...close(outcome.fixed, `**Fixed** in ${subject.headSha.slice(0, 7)}.`, "the finding is fixed"),
    ...close(outcome.ignored, "**Ignored** in this pull request.", "its rule is ignored here"),
  ]);
  return {
    effects: [check(left.size), ...review, ...effects, ...about],
    fixed: outcome.fixed.filter((finding) => !left.has(finding)),
    later: outcome.fixed.filter((finding) => left.has(finding)),
  };
}

interface Closing {
  readonly finding: StoredFinding;
  /** The text that announces the end of the finding; empty: none. */
  readonly closing: readonly Effect[];
  /** Folds the comment. */
  readonly folding: readonly Effect[];
}

/** Resolves threads within the limit of writes; the remaining writes fold comments. */
function closeWithin(
  most: number,
  all: readonly Closing[],
): { readonly effects: readonly Effect[]; readonly left: ReadonlySet<StoredFinding> } {
  const begun = all.filter(({ closing }) => closing.length > 0);
  const left = new Set(begun.slice(Math.max(0, most)).map(({ finding }) => finding));
  let writes = most - (begun.length - left.size);
  const effects = all.flatMap(({ finding, closing, folding }) => {
    if (left.has(finding)) return [];
    const folded = folding.slice(0, Math.max(0, writes));
    writes -= folded.length;
    return [...closing, ...folded];
  });
  return { effects, left };
}

function checkOccasion({ headSha, askedBy }: ReviewSubject): string {
  return askedBy === null ? headSha : `${headSha} ${askedBy}`;
}

function checkEffect(
  subject: ReviewSubject,
  settings: ReviewSettings,
  outcome: Outcome,
  later: number,
  base: Base,
): Effect {
  const { gaps, muted, risk, fresh, waiting, repeated, assumed } = outcome;
  const findings = [...fresh, ...waiting, ...repeated, ...assumed];
  const [silenced, untold] = [outcome.silenced.length, waiting.length];
  const result = checkResult(
    { findings, silenced, untold, later, gaps, muted, risk, rulesUrl: subject.rulesUrl },
    settings.conclusion,
  );
  return { kind: "check-run", ...base, headSha: subject.headSha, ...result };
}

function reviewEffect(
  subject: ReviewSubject,
  settings: ReviewSettings,
  outcome: Outcome,
  base: Base,
): readonly Effect[] {
  if (outcome.fresh.length === 0) return [];
  const { inline, folded } = select(outcome.fresh, subject.change, settings.maxInlineComments);
  const told: readonly Finding[] = inline.map(({ finding }) => finding);
  return [
    {
      kind: "review",
      ...base,
      issue: subject.change.pullRequest.number,
      headSha: subject.headSha,
      body: reviewBody({ inline: told, folded, gaps: outcome.gaps, muted: outcome.muted, rulesUrl: subject.rulesUrl }),
      comments: inline.map((each) => commentOf(each, subject.rulesUrl)),
    },
  ];
}

function commentOf({ finding, path, anchor }: Inline, rulesUrl: string | null): EffectOf<"review">["comments"][number] {
  const range = anchor.startLine < anchor.line ? { startLine: anchor.startLine } : {};
  return { path, line: anchor.line, ...range, body: inlineComment(finding, rulesUrl) };
}

/**
 * Resolves the thread. Without the permission, the App's comment explains why the finding has ended. The comment is
 * folded unless a person answered there.
 */
function closingOf(finding: StoredFinding, over: string, { mayResolveThreads }: ReviewSubject, base: Base): Closing {
  const { threadId, commentId, answered, resolved } = finding;
  const closing: Effect[] = [];
  if (threadId !== null && !resolved && mayResolveThreads) closing.push({ kind: "resolve-thread", ...base, threadId });
  const body = mayResolveThreads ? null : closedBody(finding, over);
  if (commentId !== null && body !== null) closing.push({ kind: "review-comment", ...base, nodeId: commentId, body });
  // The same check as at the last head.
  if (closing.length === 0 && !resolved) return { finding, closing, folding: [] };
  const folding: readonly Effect[] =
    commentId === null || answered
      ? []
      : [{ kind: "minimise-comment", ...base, nodeId: commentId, classifier: "RESOLVED" }];
  return { finding, closing, folding };
}

const CLOSED = /^\*\*(?:Fixed|Ignored)\*\*[^\n]{0,200}\n\n/;

/** Null: no text is needed. */
function closedBody({ body, resolved }: KnownFinding, over: string): string | null {
  if (body === null || resolved) return null;
  const closed = `${over}\n\n${body.replace(CLOSED, "")}`;
  return closed === body ? null : closed;
}

function riskEffect(subject: ReviewSubject, { risk }: RiskAssessment, base: Base): Effect {
  const label = (name: Risk) => `risk: ${name}`;
  const others = RISKS.filter((name) => name !== risk).map(label);
  const present = others.filter((name) => subject.skip.labels.includes(name));
  return { kind: "labels", ...base, issue: subject.change.pullRequest.number, add: [label(risk)], remove: present };
}

function reviewerEffects(
  subject: ReviewSubject,
  settings: ReviewSettings,
  base: (reason: string) => Base,
): readonly Effect[] {
  const facts = { ...subject.reviewers, change: subject.change, author: subject.skip.author };
  const { users, teams, reason } = proposeReviewers(facts, settings.reviewers);
  if (users.length + teams.length === 0) return [];
  return [
    { kind: "request-reviewers", ...base(toPlain(reason)), issue: subject.change.pullRequest.number, users, teams },
  ];
}

/** Skip reasons that authors should see get a check; others get none. */
const QUIET: ReadonlySet<SkipId> = new Set<SkipId>(["closed", "head-gone", "draft", "already-reviewed"]);

/** The check of a pull request that is not reviewed. */
export function skipEffects(subject: ReviewSubject, skip: Skip): readonly Effect[] {
  if (QUIET.has(skip.id)) return [];
  if (skip.id === "only-merges" && subject.lastCheck) return [asBefore(subject, subject.lastCheck, skip)];
  return [
    {
      kind: "check-run",
      repository: subject.repository,
      occasion: checkOccasion(subject),
      reason: toPlain(skip.reason),
      name: CHECK_NAME,
      headSha: subject.headSha,
      status: "completed",
      conclusion: "skipped",
      title: "Not reviewed",
      summary: `Not reviewed: ${toMarkdown(skip.reason)}.`,
      annotations: [],
    },
  ];
}

/** Merging the base changes no result: the new head gets the result of the last review. */
function asBefore({ headSha }: ReviewSubject, last: EffectOf<"check-run">, skip: Skip): Effect {
  const summary = `As reviewed at ${last.headSha.slice(0, 7)}: ${toMarkdown(skip.reason)}.\n\n${last.summary}`;
  const reason = toPlain(skip.reason);
  // Lines may have moved, so the annotations stay with their own commit.
  return { ...last, occasion: headSha, headSha, reason, summary, annotations: [] };
}
