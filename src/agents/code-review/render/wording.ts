import { say, type Said } from "../../../text/say.js";
import type { Finding } from "../finding.js";
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
