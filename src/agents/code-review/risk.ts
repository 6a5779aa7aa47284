import { list, say, type Said } from "../../text/say.js";
import type { Change } from "./change.js";
import { addedLines, changedLineCount } from "./diff/lines.js";
import { isDocumentation, isSource, isTest } from "./file-role.js";
import type { Finding } from "./finding.js";
import { isLockfile, isManifest } from "./packages.js";

export const RISKS = ["low", "medium", "high"] as const;
export type Risk = (typeof RISKS)[number];

export interface RiskFacts {
  readonly change: Change;
  readonly findings: readonly Finding[];
  /** Earlier pull requests of the author in this repository; null: unknown. */
  readonly authorEarlier: number | null;
}

export interface RiskAssessment {
  readonly risk: Risk;
  /** The reasons, most severe first. */
  readonly reasons: readonly Said[];
}

interface Reason {
  readonly weight: number;
  readonly says: Said;
}

const SENSITIVE =
  /(^|[/_.-])(auth\w*|login|session|password|crypto|secur\w*|permission|payment|billing|oauth|token|migrations?|infra|terraform|deploy\w*)([/_.-]|$)/i;

/** Points for readable reasons; high from 5, medium from 2. It does not judge the author's skill, and uses no model. */
export function assessRisk(facts: RiskFacts): RiskAssessment {
  const reasons = [
    size(facts),
    findings(facts),
    sensitive(facts),
    workflows(facts),
    dependencies(facts),
    untested(facts),
    newcomer(facts),
  ]
    .flatMap((reason) => reason ?? [])
    .toSorted((a, b) => b.weight - a.weight);
  const points = reasons.reduce((sum, { weight }) => sum + weight, 0);
  const risk = points >= 5 ? "high" : points >= 2 ? "medium" : "low";
  const shown = reasons.map(({ says }) => says);
  return { risk, reasons: shown.length > 0 ? shown : [say`a small change of nothing delicate`] };
}

function size({ change }: RiskFacts): Reason | null {
  const lines = change.files
    .filter(({ path }) => !isLockfile(path) && !isDocumentation(path))
    .reduce((sum, file) => sum + changedLineCount(file), 0);
  if (lines < 200) return null;
  return { weight: lines < 800 ? 1 : 2, says: say`${lines} changed lines in ${change.files.length} files` };
}

function findings({ findings: found }: RiskFacts): Reason | null {
  const failures = found.filter(({ severity }) => severity === "failure").length;
  if (failures > 0) return { weight: 3, says: say`${failures} grave findings` };
  const warnings = found.filter(({ severity }) => severity === "warning").length;
  return warnings > 0 ? { weight: 1, says: say`${warnings} warnings` } : null;
}

function sensitive({ change }: RiskFacts): Reason | null {
  const paths = change.files
    .map(({ path }) => path)
    .filter((path) => SENSITIVE.test(path) && !isTest(path) && !isDocumentation(path));
  return paths.length > 0 ? { weight: 2, says: say`delicate files: ${list(paths, 3)}` } : null;
}

function workflows({ change }: RiskFacts): Reason | null {
  const touched = change.files.some(({ path }) => path.startsWith(".github/workflows/"));
  return touched ? { weight: 2, says: say`workflows changed` } : null;
}

function dependencies({ change }: RiskFacts): Reason | null {
  const touched = change.files.some(({ path }) => isManifest(path) || isLockfile(path));
  return touched ? { weight: 1, says: say`dependencies changed` } : null;
}

function untested({ change }: RiskFacts): Reason | null {
  const code = change.files.some((file) => isSource(file.path) && addedLines(file).length > 0);
  return code && !change.files.some(({ path }) => isTest(path)) ? { weight: 1, says: say`code without tests` } : null;
}

function newcomer({ authorEarlier }: RiskFacts): Reason | null {
  return authorEarlier === 0 ? { weight: 1, says: say`the author's first pull request here` } : null;
}
