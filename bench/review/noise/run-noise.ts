import type { Change } from "../../../src/agents/code-review/change.js";
import { addedLines } from "../../../src/agents/code-review/diff/lines.js";
import { findIn } from "../../../src/agents/code-review/given.js";
import { openInspector } from "../../../src/agents/code-review/inspect/child-process.js";
import type { Layer } from "../../../src/settings/parse.js";
import { changeOf } from "./change.js";
import { type Judged, judge, keyOf, readLabels, staleLabels, VERDICTS } from "./labels.js";
import { readPackages } from "./packages.js";

type Report = (figure: Record<string, unknown>) => void;

/**
 * The defaults, without what a published package cannot answer: it holds no tests, so every change would lack them, and
 * a release is many pull requests in one. Lockfiles and workflows are not published either, so their rules see nothing.
 * `swallowed-error` is on: its precision is measured here.
 */
const SETTINGS: Layer = {
  review: { rules: { "missing-test": "off", "oversized-pull-request": "off", "swallowed-error": "notice" } },
};

/**
 * What the rules say about real changes of well-kept packages, each finding judged by hand.
 * @throws Error naming the findings that nobody has judged.
 */
export async function runNoise(report: Report): Promise<void> {
  const labels = readLabels();
  const packages = readPackages();
  const inspector = openInspector();
  const judged: Judged[] = [];
  let lines = 0;
  try {
    for (const given of packages) {
      const change = await changeOf(given);
      lines += addedIn(change);
      judged.push(...judge(given.name, await findIn(inspector, change, SETTINGS), labels));
    }
  } finally {
    await inspector.close();
  }
  report({ figure: "review noise", packages: packages.length, addedLines: lines, ...perThousand(judged, lines) });
  report({ figure: "review noise by rule", ...countsBy(judged) });
  const stale = staleLabels(labels, judged);
  if (stale.length > 0) report({ figure: "review noise, labels without a finding", stale });
  const unjudged = judged.filter(({ verdict }) => verdict === null);
  if (unjudged.length > 0)
    throw new Error(
      `judge these by criterion.md and add them to labels.json:\n${unjudged.map((one) => `${keyOf(one)} ${one.quote ?? ""}`).join("\n")}`,
    );
}

function addedIn({ files }: Change): number {
  return files.reduce((sum, file) => sum + addedLines(file).length, 0);
}

function perThousand(judged: readonly Judged[], lines: number): Record<string, unknown> {
  const rate = (count: number) => Number(((count * 1000) / lines).toFixed(2));
  const counts = VERDICTS.map((verdict) => judged.filter((one) => one.verdict === verdict).length);
  const [useful = 0, ...noise] = counts;
  return {
    findings: judged.length,
    findingsPer1000Lines: rate(judged.length),
    ...Object.fromEntries(VERDICTS.map((verdict, index) => [verdict, counts[index]])),
    noisePer1000Lines: rate(noise.reduce((sum, count) => sum + count, 0)),
    precision: judged.length === 0 ? null : Number((useful / judged.length).toFixed(3)),
  };
}

function countsBy(judged: readonly Judged[]): Record<string, string> {
  const rules = [...new Set(judged.map(({ rule }) => rule))].toSorted();
  const of = (rule: string, wanted: Judged["verdict"]) =>
    judged.filter((one) => one.rule === rule && one.verdict === wanted).length;
  return Object.fromEntries(
    rules.map((rule) => [rule, VERDICTS.map((verdict) => `${of(rule, verdict)} ${verdict}`).join(", ")]),
  );
}
