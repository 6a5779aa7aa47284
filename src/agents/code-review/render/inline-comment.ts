import { bounded, codeBlock, suggestionBlock, toMarkdown } from "../../../text/markdown.js";
import type { Finding } from "../finding.js";
import { ruleLink } from "./wording.js";

/** In characters. GitHub rejects a whole review if one comment exceeds 65,536. */
const LONGEST = 10_000;

/**
 * The comment on a line: message, reason, the line itself, and a suggestion if the fix is mechanical. Ends with a
 * hidden marker that identifies the thread later.
 */
export function inlineComment(finding: Finding, rulesUrl: string | null = null): string {
  const { severity, rule, source, says, why, quote, replacement, fingerprint } = finding;
  const by = source === "model" ? " (found by a model, not by a rule)" : "";
  const said = [
    `**${severity}** ${ruleLink(rule, rulesUrl)}${by}: ${toMarkdown(says)}`,
    why ?? "",
    quote === null ? "" : codeBlock(quote.trim(), "text", 500),
    replacement === null ? "" : suggestionBlock(replacement),
    `<sub>Resolve this to dismiss it, or comment \`/ignore ${rule}\` on the pull request to switch the rule off here.</sub>`,
  ];
  // The marker is added after the text was cut.
  const body = bounded(said.filter((part) => part !== "").join("\n\n"), LONGEST);
  return `${body}\n\n<!-- companyos:finding=${fingerprint} -->`;
}
