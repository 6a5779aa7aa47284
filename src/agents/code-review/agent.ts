import type { Decision } from "../agent.js";
import type { ModelCost } from "../model/tally.js";
import type { ReviewSettings } from "./settings/settings.js";
import { toPlain } from "../../text/markdown.js";
import { say } from "../../text/say.js";
import type { AdvisorySource } from "./dependencies/advisory.js";
import { compareWithAdvisories } from "./dependencies/compare.js";
import { RULES } from "./rules/registry.js";
import { reviewEffects, skipEffects } from "./effects.js";
import { findAll } from "./find.js";
import type { Change } from "./change.js";
import type { Finding } from "./finding.js";
import { failedGap, gapsOf, type Gap, missingGap, unlistedGap, WHOLE_CHANGE } from "./gaps.js";
import { NO_SECOND_READER, type SecondReader } from "./second-reader.js";
import { inspectChange, type FingerprintKey } from "./inspect-change.js";
import type { Inspector } from "./inspect/inspector.js";
import type { Inspection } from "./inspect/protocol.js";
import { mutedRules, type MutedRule } from "./precision.js";
import { reconcile, type Reconciled } from "./reconcile.js";
import { assessRisk, type RiskAssessment } from "./risk.js";
import { type SkipId, skipOf } from "./skip.js";
import type { ReviewSubject, StoredFinding } from "./subject.js";
import { countsOf } from "./render/wording.js";

/** The result of a review, for the rows of its run and of its findings. */
export interface Reviewed extends Reconciled<StoredFinding> {
  readonly findings: readonly Finding[];
  /** Not posted yet, and not now, because this head already has its review. */
  readonly waiting: readonly Finding[];
  /** Fixed. Their threads are resolved at the next head, because this head has used its writes. */
  readonly later: readonly StoredFinding[];
  /** Posted before, in files that could not be read this time. */
  readonly assumed: readonly Finding[];
  /** By path: the result of inspecting the files. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  readonly gaps: readonly Gap[];
  readonly muted: readonly MutedRule[];
  readonly risk: RiskAssessment;
  /** The second reader's report; null without one. */
  readonly secondReading: string | null;
  /** Null: no model was used. */
  readonly modelCost: ModelCost | null;
}

export interface ReviewDecision extends Decision {
  readonly skipped: SkipId | null;
  /** Null when it was skipped. */
  readonly reviewed: Reviewed | null;
}

/**
 * The review: the findings of the rules and of an optional second reader, compared with earlier findings, as effects.
 */
export function codeReviewAgent(
  inspector: Inspector,
  key: FingerprintKey,
  second: SecondReader = NO_SECOND_READER,
  advisories: AdvisorySource | null = null,
): { decide(subject: ReviewSubject, settings: ReviewSettings): Promise<ReviewDecision> } {
  return {
    decide: async (subject, settings) => {
      const skip = skipOf(subject.skip, settings);
      if (skip) {
        const reason = `Not reviewed: ${toPlain(skip.reason)}.`;
        return { reason, effects: skipEffects(subject, skip), skipped: skip.id, reviewed: null };
      }
      const { change, carried } = subject;
      const inspections = await inspectChange(change, settings, inspector, key, carried);
      const compared = await compareWithAdvisories(inspections, settings, advisories);
      const { findings: found, failed, left } = findAll(change, settings, inspections, key, RULES, compared.advisories);
      const gaps = [
        ...gapsOf(without(change, carried), settings, inspections),
        ...unlistedGap(subject.unlisted),
        ...missingGap(subject.missing),
        ...failedGap(failed),
        ...compared.gaps,
        ...left,
      ];
      const more = await second({ subject, settings, inspections, found, key });
      const outcome = review(subject, [...found, ...more.findings], gaps, {
        inspections,
        muted: mutedRules(subject.records, settings),
        secondReading: more.reason,
        modelCost: more.cost ?? null,
      });
      const { effects, fixed, later } = reviewEffects(subject, settings, outcome);
      const reviewed = { ...outcome, fixed, later };
      return { reason: becauseOf(reviewed), effects, skipped: null, reviewed };
    },
  };
}

/** Reused results are always complete; incomplete ones are not stored. */
function without(change: Change, carried: ReviewSubject["carried"]): Change {
  return { ...change, files: change.files.filter(({ path }) => !carried.has(path)) };
}

function review(
  subject: ReviewSubject,
  findings: readonly Finding[],
  gaps: readonly Gap[],
  more: Pick<Reviewed, "inspections" | "muted" | "secondReading" | "modelCost">,
): Omit<Reviewed, "later"> {
  const silent = new Set([...subject.ignoredRules, ...more.muted.map(({ rule }) => rule)]);
  const reconciled = reconcile(subject.known, findings, silent, (finding) => isCovered(finding, subject, gaps));
  const assumed = reconciled.unseen.filter(({ rule }) => !silent.has(rule)).map(asFinding);
  const wanted = [...reconciled.fresh, ...reconciled.repeated, ...assumed];
  const risk = assessRisk({ change: subject.change, findings: wanted, authorEarlier: subject.authorEarlier });
  const { fresh } = reconciled;
  const told = subject.reviewStands ? { fresh: [], waiting: fresh } : { fresh, waiting: [] };
  return { ...reconciled, ...told, assumed, findings, gaps, risk, ...more };
}

/** Whether the location of an earlier finding was read, by its rule. */
function isCovered({ rule, path }: StoredFinding, { change, unlisted }: ReviewSubject, gaps: readonly Gap[]): boolean {
  if (unlisted > 0 && path !== null && !change.files.some((file) => file.path === path)) return false;
  return !gaps.some((gap) => (gap.rules === null ? gap.path === path : gap.rules.includes(rule) && isAt(gap, path)));
}

/** A rule that failed on the whole change may concern any of its files. */
function isAt(gap: Gap, path: string | null): boolean {
  return gap.path === path || gap.path === WHOLE_CHANGE;
}

/** As posted; its present line is unknown. */
function asFinding({ rule, severity, source, says, path, fingerprint }: StoredFinding): Finding {
  const place = { path, line: null, endLine: null, quote: null, replacement: null };
  return { rule, severity, source, says: say`${says}`, why: null, ...place, fingerprint };
}

function becauseOf({ fresh, waiting, repeated, assumed, fixed, later, silenced, muted, gaps }: Reviewed): string {
  const parts = [
    fresh.length === 0 ? "nothing new" : `${countsOf(fresh)} new`,
    waiting.length > 0 ? `${countsOf(waiting)} to be posted with the next push` : "",
    assumed.length > 0 ? `${assumed.length} posted before in files that could not be read` : "",
    repeated.length > 0 ? `${repeated.length} posted before` : "",
    fixed.length > 0 ? `${fixed.length} fixed` : "",
    later.length > 0 ? `${later.length} fixed, with threads to resolve at the next push` : "",
    silenced.length > 0 ? `${silenced.length} not shown` : "",
    muted.length > 0 ? `muted ${muted.map(({ rule }) => rule).join(" and ")}` : "",
    gaps.length > 0 ? `${gaps.length} files not read completely` : "",
  ];
  return `Reviewed: ${parts.filter((part) => part !== "").join(", ")}.`;
}
