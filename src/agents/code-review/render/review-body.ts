import { bounded, codeSpan, toMarkdown } from "../../../text/markdown.js";
import type { Finding } from "../finding.js";
import type { Gap } from "../gaps.js";
import type { MutedRule } from "../precision.js";
import { countsOf, placeOf, ruleLink } from "./wording.js";

export interface ReviewBodyFacts {
  /** Findings posted now: those with a comment of their own, and the folded ones. */
  readonly inline: readonly Finding[];
  readonly folded: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly muted: readonly MutedRule[];
  /** Where the pages of the rules are; null: nowhere. */
  readonly rulesUrl: string | null;
}

const MOST_LISTED = 50;

/** The review's summary: counts, findings without a comment of their own, unread parts, muted rules. */
export function reviewBody({ inline, folded, gaps, muted, rulesUrl }: ReviewBodyFacts): string {
  const all = [...inline, ...folded];
  return bounded(
    [`${countsOf(all)} in what changed.`, foldedList(folded, rulesUrl), gapList(gaps), mutedNote(muted)]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
}

/** A bullet for each finding. */
export function findingList(findings: readonly Finding[], rulesUrl: string | null): string {
  const shown = findings.slice(0, MOST_LISTED).map((finding) => {
    const why = finding.why === null ? "" : ` ${finding.why}`;
    const by = finding.source === "model" ? " (by a model)" : "";
    return `- **${finding.severity}** ${ruleLink(finding.rule, rulesUrl)}${by} ${toMarkdown(placeOf(finding))}: ${toMarkdown(finding.says)}${why}`;
  });
  const more = findings.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** Unread parts, with the reasons. */
export function gapList(gaps: readonly Gap[]): string {
  if (gaps.length === 0) return "";
  const shown = gaps.slice(0, MOST_LISTED).map(({ path, reason }) => `- ${codeSpan(path)}: ${toMarkdown(reason)}`);
  const more = gaps.length - shown.length;
  return ["**Not read completely:**", "", ...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** Rules that are muted because people dismissed their findings. */
export function mutedNote(muted: readonly MutedRule[]): string {
  if (muted.length === 0) return "";
  const names = muted.map(
    ({ rule, precision, shown }) => `\`${rule}\` (${Math.round(precision * 100)} % of ${shown} findings were kept)`,
  );
  return `Muted in this repository, because most of their findings were dismissed: ${names.join(", ")}.`;
}

function foldedList(folded: readonly Finding[], rulesUrl: string | null): string {
  if (folded.length === 0) return "";
  const title =
    folded.length === 1
      ? "1 finding without a comment of its own"
      : `${folded.length} findings without a comment of their own`;
  return `<details><summary>${title}</summary>\n\n${findingList(folded, rulesUrl)}\n\n</details>`;
}
