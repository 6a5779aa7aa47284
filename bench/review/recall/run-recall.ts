import { z } from "zod";
import { findIn, givenChange } from "../../../src/agents/code-review/given.js";
import { openInspector } from "../../../src/agents/code-review/inspect/child-process.js";
import type { Inspector } from "../../../src/agents/code-review/inspect/inspector.js";
import { languageOf } from "../../../src/agents/code-review/languages.js";
import { RULE_IDS, RULES } from "../../../src/agents/code-review/rules/registry.js";
import type { Rule } from "../../../src/agents/code-review/rules/rule.js";
import type { Layer } from "../../../src/settings/parse.js";
import { ADVISORIES } from "./advisories.js";
import { baselineLines } from "./baseline.js";
import { type Case, readCorpus } from "./corpus.js";
import { type Answered, type Score, scoreOf } from "./score.js";

type Report = (figure: Record<string, unknown>) => void;

const TARGET = 0.95;
const OFF_BY_DEFAULT = Object.fromEntries(
  RULES.flatMap(({ id, severity, byDefault }: Rule) => (byDefault ? [[id, severity]] : [])),
);

/** Planted defects that the rules find on the right line, beside the same rules as regular expressions over lines. */
export async function runRecall(report: Report, inspector: Inspector = openInspector()): Promise<void> {
  const corpus = readCorpus();
  const ours: Answered[] = [];
  try {
    for (const given of corpus) ours.push({ given, lines: await ourLines(inspector, given) });
  } finally {
    await inspector.close();
  }
  const regexes = corpus.map((given) => ({ given, lines: baselineLines(given) }));
  const score = scoreOf(ours);
  const covered = new Set(corpus.map(({ rule }) => rule));
  report({
    figure: "review recall",
    ...figuresOf(score),
    rules: covered.size,
    rulesWithoutCase: RULE_IDS.filter((id) => !covered.has(id)),
    target: `>= ${TARGET}`,
    met: recallOf(score) >= TARGET,
    missed: score.missed,
    alarms: score.falseAlarms,
  });
  report({ figure: "review recall, the same rules as line regexes", ...figuresOf(scoreOf(regexes)) });
  const parsed = (given: Case) => languageOf(given.path) !== null && given.expected.every((line) => line !== null);
  report({
    figure: "review recall, TypeScript, JavaScript, Python and Go only",
    ...figuresOf(scoreOf(ours.filter(({ given }) => parsed(given)))),
  });
  report({
    figure: "review recall, those four languages as line regexes",
    ...figuresOf(scoreOf(regexes.filter(({ given }) => parsed(given)))),
  });
}

async function ourLines(inspector: Inspector, given: Case): Promise<readonly (number | null)[]> {
  const change = givenChange(given.files, given.pullRequest, given.lockfiles);
  const findings = await findIn(inspector, change, withEveryRule(given.settings), ADVISORIES);
  return findings
    .filter(({ rule, path }) => rule === given.rule && (path === null || path === given.path))
    .map(({ line }) => line);
}

/** Rules that are off by default are asked too: the corpus is about what they find. */
function withEveryRule({ review, ...rest }: Layer): Layer {
  const own = z.looseObject({ rules: z.record(z.string(), z.json()).default({}) }).parse(review ?? {});
  return { ...rest, review: { ...own, rules: { ...OFF_BY_DEFAULT, ...own.rules } } };
}

function figuresOf(score: Score): Record<string, unknown> {
  return { planted: score.planted, found: score.found, recall: recallOf(score), falseAlarms: score.falseAlarms.length };
}

function recallOf({ found, planted }: Score): number {
  return Number((found / planted).toFixed(3));
}
