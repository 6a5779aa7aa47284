import type { Annotation, EffectOf } from "../../../effects/effect.js";
import type { ReviewSettings } from "../settings/settings.js";
import { bounded, toMarkdown, toPlain } from "../../../text/markdown.js";
import { visible } from "../../../text/visible.js";
import type { Finding } from "../finding.js";
import type { Gap } from "../gaps.js";
import type { MutedRule } from "../precision.js";
import type { RiskAssessment } from "../risk.js";
import { findingList, gapList, mutedNote } from "./review-body.js";
import { countsOf } from "./wording.js";

export const CHECK_NAME = "companyos / review";

export interface CheckFacts {
  /** All findings at this head, posted before or not. */
  readonly findings: readonly Finding[];
  readonly silenced: number;
  /** New findings without a comment, because this head already has its review. */
  readonly untold: number;
  /** Threads of fixed findings that are resolved with the next head. */
  readonly later: number;
  readonly gaps: readonly Gap[];
  readonly muted: readonly MutedRule[];
  readonly risk: RiskAssessment;
  /** Where the pages of the rules are; null: nowhere. */
  readonly rulesUrl: string | null;
}

export type CheckResult = Pick<
  EffectOf<"check-run">,
  "name" | "status" | "conclusion" | "title" | "summary" | "annotations"
>;

/** The check of a review. Unread parts prevent a successful conclusion. */
export function checkResult(facts: CheckFacts, policy: ReviewSettings["conclusion"]): CheckResult {
  const { findings, gaps } = facts;
  return {
    name: CHECK_NAME,
    status: "completed",
    conclusion: conclusionOf(findings, gaps, policy),
    title: titleOf(findings, gaps),
    summary: summaryOf(facts),
    annotations: findings.flatMap(annotationOf),
  };
}

function conclusionOf(
  findings: readonly Finding[],
  gaps: readonly Gap[],
  policy: ReviewSettings["conclusion"],
): CheckResult["conclusion"] {
  const gravest = (["failure", "warning", "notice"] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  const said = gravest === undefined ? "success" : policy[gravest];
  return said === "success" && gaps.length > 0 ? "neutral" : said;
}

function titleOf(findings: readonly Finding[], gaps: readonly Gap[]): string {
  const partly =
    gaps.length === 0 ? "" : `; ${gaps.length} ${gaps.length === 1 ? "file" : "files"} not read completely`;
  return `${findings.length === 0 ? "No problems found" : countsOf(findings)}${partly}`;
}

function summaryOf({ findings, silenced, untold, later, gaps, muted, risk, rulesUrl }: CheckFacts): string {
  const reasons = risk.reasons.map((reason) => `- ${toMarkdown(reason)}`);
  return bounded(
    [
      findings.length === 0 ? "No problems found." : findingList(findings, rulesUrl),
      untold === 0 ? "" : `${untold} new since the review of this commit: posted with the next push.`,
      later === 0 ? "" : `${later} more fixed: their threads are resolved with the next push.`,
      silenced === 0 ? "" : `${silenced} not shown: dismissed, ignored or muted.`,
      gapList(gaps),
      mutedNote(muted),
      `**Risk: ${risk.risk}**\n\n${reasons.join("\n")}`,
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
}

/** Annotations are plain text. A finding about a whole file is at its first line. */
function annotationOf({ path, line, endLine, severity, rule, source, says, why }: Finding): readonly Annotation[] {
  if (path === null) return [];
  const by = source === "model" ? "Found by a model, not by a rule." : "";
  const message = [toPlain(says), why ?? "", by].filter((part) => part !== "").join("\n");
  return [
    { path, startLine: line ?? 1, endLine: endLine ?? line ?? 1, level: severity, title: visible(rule, 100), message },
  ];
}
