import type { Effect } from "../../effect.js";
import type { Agent, Decision } from "../agent.js";
import { reviewSettings, type ReviewSettings } from "../settings/review.js";
import { toPlain } from "../text/markdown.js";
import { reviewEffects, skipEffects } from "./effects.js";
import { findAll } from "./find.js";
import type { Finding } from "./finding.js";
import { failedGap, gapsOf, type Gap, unlistedGap } from "./gaps.js";
import { NO_SECOND_READER, type SecondReader } from "./second-reader.js";
import { inspectChange, type FingerprintKey } from "./inspect-change.js";
import type { Inspector } from "./inspect/inspector.js";
import { mutedRules, type MutedRule } from "./precision.js";
import { reconcile, type Reconciled } from "./reconcile.js";
import { assessRisk, type RiskAssessment } from "./risk.js";
import { type SkipId, skipOf } from "./skip.js";
import type { ReviewSubject } from "./subject.js";
import { countsOf } from "./render/wording.js";

/** What a review came to, for the row of its run and of its findings. */
export interface Reviewed extends Reconciled {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly muted: readonly MutedRule[];
  readonly risk: RiskAssessment;
  /** What the second reader says about its part; null without one. */
  readonly secondReading: string | null;
}

export interface ReviewDecision extends Decision {
  readonly skipped: SkipId | null;
  /** Null when it was skipped. */
  readonly reviewed: Reviewed | null;
}

/** The review: rules and, where there is one, a second reader, reconciled with what was said before, as effects. */
export function codeReviewAgent(
  inspector: Inspector,
  key: FingerprintKey,
  second: SecondReader = NO_SECOND_READER,
): Agent<ReviewSettings, ReviewSubject, ReviewDecision> {
  return {
    name: "code-review",
    settings: reviewSettings,
    decide: async (subject, settings) => {
      const skip = skipOf(subject.skip, settings);
      if (skip) {
        const because = `Not reviewed: ${toPlain(skip.because)}.`;
        return { because, effects: skipEffects(subject, skip), skipped: skip.id, reviewed: null };
      }
      const inspections = await inspectChange(subject.change, settings, inspector, key);
      const { findings: found, failed } = findAll(subject.change, settings, inspections, key);
      const gaps = [
        ...gapsOf(subject.change, settings, inspections),
        ...unlistedGap(subject.unlisted),
        ...failedGap(failed),
      ];
      const more = await second({ subject, settings, inspections, found, key });
      const reviewed = review(subject, [...found, ...more.findings], gaps, more.because);
      const effects: readonly Effect[] = reviewEffects(subject, settings, reviewed);
      return { because: becauseOf(reviewed), effects, skipped: null, reviewed };
    },
  };
}

function review(
  subject: ReviewSubject,
  findings: readonly Finding[],
  gaps: readonly Gap[],
  secondReading: string | null,
): Reviewed {
  const muted = mutedRules(subject.records);
  const silent = new Set([...subject.ignoredRules, ...muted.map(({ rule }) => rule)]);
  const unread = new Set(gaps.map(({ path }) => path));
  const paths = new Map(subject.known.map(({ fingerprint, path }) => [fingerprint, path]));
  const covered = ({ fingerprint }: { readonly fingerprint: string }) => !unread.has(paths.get(fingerprint) ?? "");
  const reconciled = reconcile(subject.known, findings, silent, covered);
  const wanted = [...reconciled.fresh, ...reconciled.repeated];
  const risk = assessRisk({ change: subject.change, findings: wanted, authorMerged: subject.authorMerged });
  return { ...reconciled, findings, gaps, muted, risk, secondReading };
}

function becauseOf({ fresh, repeated, fixed, silenced, gaps }: Reviewed): string {
  const parts = [
    fresh.length === 0 ? "nothing new" : `${countsOf(fresh)} new`,
    repeated.length > 0 ? `${repeated.length} told before` : "",
    fixed.length > 0 ? `${fixed.length} fixed` : "",
    silenced.length > 0 ? `${silenced.length} silenced` : "",
    gaps.length > 0 ? `${gaps.length} files not wholly read` : "",
  ];
  return `Reviewed: ${parts.filter((part) => part !== "").join(", ")}.`;
}
