import { existsSync } from "node:fs";
import { join } from "node:path";
import { findIn, givenChange } from "../../../src/agents/code-review/given.js";
import { openInspector } from "../../../src/agents/code-review/inspect/child-process.js";
import type { Inspector } from "../../../src/agents/code-review/inspect/inspector.js";
import { gitleaks } from "./gitleaks.js";
import { gosec } from "./gosec.js";
import { semgrepShell, semgrepSql } from "./semgrep.js";
import { squawk } from "./squawk.js";
import type { Suite, SuiteCase } from "./suite.js";
import { zizmor } from "./zizmor.js";

type Report = (figure: Record<string, unknown>) => void;

/** Suites by the folder, below that of `REVIEW_SUITES`, that holds their repository. */
const SUITES: readonly { readonly folder: string; readonly suite: Suite }[] = [
  { folder: "gitleaks/gitleaks", suite: gitleaks },
  { folder: "securego/gosec", suite: gosec },
  { folder: "semgrep/semgrep-rules", suite: semgrepSql },
  { folder: "semgrep/semgrep-rules", suite: semgrepShell },
  { folder: "zizmorcore/zizmor", suite: zizmor },
  { folder: "sbdchd/squawk", suite: squawk },
];

/** What the rules find of other people's test suites, and what they raise of what those call good. */
export async function runSuites(
  report: Report,
  root: string | undefined,
  { only, inspector = openInspector() }: { readonly only?: string; readonly inspector?: Inspector } = {},
): Promise<void> {
  if (root === undefined) {
    report({ figure: "review suites", skipped: "REVIEW_SUITES names no folder" });
    return;
  }
  try {
    for (const { folder, suite } of SUITES) {
      if (only !== undefined && !suite.name.includes(only)) continue;
      const path = join(root, folder);
      if (existsSync(path)) report(await figureOf(inspector, suite, path));
      else report({ figure: `review suite: ${suite.name}`, skipped: `${folder} is not in REVIEW_SUITES` });
    }
  } finally {
    await inspector.close();
  }
}

interface Tally {
  expected: number;
  found: number;
  good: number;
  raised: number;
}

async function figureOf(inspector: Inspector, suite: Suite, path: string): Promise<Record<string, unknown>> {
  const groups = new Map<string, Tally>();
  const [missed, alarms]: [string[], string[]] = [[], []];
  for (const given of suite.cases(path)) {
    const tally = groups.get(given.group) ?? { expected: 0, found: 0, good: 0, raised: 0 };
    groups.set(given.group, tally);
    const lines = await linesFound(inspector, suite, given);
    count(given, lines, tally, { tolerance: suite.tolerance ?? 0, missed, alarms });
  }
  const all = [...groups.values()];
  const sum = (key: keyof Tally) => all.reduce((total, tally) => total + tally[key], 0);
  const [expected, found, good, raised] = [sum("expected"), sum("found"), sum("good"), sum("raised")];
  const kinds = all.filter((tally) => tally.expected > 0);
  const recall = expected === 0 ? 1 : found / expected;
  const wrong = good === 0 ? 0 : raised / good;
  return {
    figure: `review suite: ${suite.name}`,
    expected,
    found,
    recall: Number(recall.toFixed(3)),
    kinds: kinds.length,
    kindsFound: kinds.filter((tally) => tally.found * 2 >= tally.expected).length,
    good,
    raised,
    false: Number(wrong.toFixed(3)),
    target: `>= ${suite.leastRecall}, false <= ${suite.mostFalse}`,
    met: recall >= suite.leastRecall && wrong <= suite.mostFalse,
    missed: [...new Set(missed)].toSorted(),
    alarms: [...new Set(alarms)].toSorted(),
  };
}

interface Notes {
  readonly tolerance: number;
  readonly missed: string[];
  readonly alarms: string[];
}

function count(given: SuiteCase, lines: ReadonlySet<number>, tally: Tally, { tolerance, missed, alarms }: Notes): void {
  const { group, bad, file, note = file.path } = given;
  const place = (line: number | "any") => `${group} ${note}:${line}`;
  const left = [...lines];
  if (bad === "any") {
    tally.expected += 1;
    if (lines.size > 0) tally.found += 1;
    else missed.push(place("any"));
    return;
  }
  tally.expected += bad.length;
  for (const line of bad) {
    const at = left.findIndex((found) => Math.abs(found - line) <= tolerance);
    if (at >= 0) {
      left.splice(at, 1);
      tally.found += 1;
    } else missed.push(place(line));
  }
  const good = given.good ?? (bad.length === 0 ? [...lines].slice(0, 1) : []);
  tally.good += given.good?.length ?? (bad.length === 0 ? 1 : 0);
  for (const line of good.filter((each) => lines.has(each))) {
    tally.raised += 1;
    alarms.push(place(line));
  }
}

async function linesFound(inspector: Inspector, suite: Suite, given: SuiteCase): Promise<ReadonlySet<number>> {
  const findings = await findIn(inspector, givenChange([given.file]), suite.settings ?? {});
  const asked = given.rules ?? suite.rules;
  return new Set(findings.flatMap(({ rule, line }) => (asked.includes(rule) && line !== null ? [line] : [])));
}
