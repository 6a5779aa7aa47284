import { say, type Said } from "../../../text/say.js";
import type { Finding } from "../finding.js";
import { RULE_IDS } from "../rules/registry.js";
import type { Severity } from "../rules/rule.js";

const NAMES: Readonly<Record<Severity, readonly [string, string]>> = {
  failure: ["failure", "failures"],
  warning: ["warning", "warnings"],
  notice: ["notice", "notices"],
};

/** `1 failure, 2 warnings`, most severe first. */
export function countsOf(findings: readonly Finding[]): string {
  const counts = (["failure", "warning", "notice"] as const).map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? "" : `${count} ${NAMES[severity][count === 1 ? 0 : 1]}`;
  });
  return counts.filter((text) => text !== "").join(", ");
}

/** The location of a finding, for a list. */
export function placeOf({ path, line }: Finding): Said {
  if (path === null) return say`the pull request`;
  return line === null ? say`${path}` : say`${`${path}:${line}`}`;
}

const BUILT_IN: ReadonlySet<string> = new Set(RULE_IDS);

/** A rule's id, with a link to its page where there is one. */
export function ruleLink(rule: string, rulesUrl: string | null): string {
  return rulesUrl === null || !BUILT_IN.has(rule) ? `\`${rule}\`` : `[\`${rule}\`](${new URL(rule, rulesUrl).href})`;
}
