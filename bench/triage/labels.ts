import { judge, judgeBy, type LabelledIssue, trainLabels } from "../../src/agents/triage/label-model.js";
import { featuresOf } from "../../src/agents/triage/features.js";
import { generateIssues } from "./generated.js";
import type { Hadoop } from "./hadoop.js";
import { naiveBayes } from "./naive-bayes.js";

type Report = (figure: Record<string, unknown>) => void;

const TARGET = 0.9;
const SEEDS = [11, 12, 13];

/** Learns from the first two thirds, and is measured on the rest: what came later. */
export async function runLabels(report: Report, hadoop: Hadoop | null): Promise<void> {
  const all: Realised[] = [];
  for (const wrong of [0, 0.05, 0.15])
    for (const seed of SEEDS)
      all.push(
        await measure(
          report,
          `generated, ${wrong * 100} % wrong labels, seed ${seed}`,
          generateIssues(2_400, { seed, wrong }),
        ),
      );
  if (hadoop !== null) {
    // How a report ended: mostly not to be told from its text, so that silence is right.
    const issues = hadoop.reports.map(({ title, body, resolution }) => ({
      title,
      body,
      labels: [resolution || "Unresolved"],
    }));
    all.push(await measure(report, "GitBugs Hadoop, resolution as the label", issues));
  }
  const guesses = all.reduce((sum, each) => sum + each.guesses, 0);
  const precision = all.reduce((sum, each) => sum + each.right, 0) / guesses;
  const figure = "realised precision of learnt thresholds, all sets together";
  report({
    bench: "triage",
    figure,
    target: TARGET,
    precision: shown(precision),
    guesses,
    met: precision >= TARGET - 0.02,
  });
  const worst = Math.max(...all.map(({ calibrationError: error }) => error));
  report({
    bench: "triage",
    figure: "expected calibration error, the worst set",
    error: shown(worst),
    met: worst <= 0.05,
  });
  await measureCost(report);
}

interface Realised {
  readonly calibrationError: number;
  readonly guesses: number;
  readonly right: number;
}

async function measure(report: Report, set: string, issues: readonly LabelledIssue[]): Promise<Realised> {
  const cut = Math.floor((issues.length * 2) / 3);
  const [before, later] = [issues.slice(0, cut), issues.slice(cut)];
  const model = await trainLabels(before, { target: TARGET, pause: () => Promise.resolve() });
  const judged = judgeBy(model);
  let [guesses, right, covered] = [0, 0, 0];
  for (const issue of later) {
    const said = judged(issue).filter(({ score, threshold }) => threshold !== null && score >= threshold);
    guesses += said.length;
    right += said.filter(({ label }) => issue.labels.includes(label)).length;
    if (said.length > 0) covered += 1;
  }
  const precision = guesses === 0 ? null : right / guesses;
  const error = calibrationError(judged, later);
  report({
    bench: "triage",
    figure: `realised precision of learnt thresholds: ${set}`,
    target: TARGET,
    precision: shown(precision),
    guesses,
    coverage: shown(covered / later.length),
    silent: model.labels.filter(({ threshold }) => threshold === null).map(({ label }) => label),
    calibrationError: shown(error),
  });
  const kinds = model.labels.map(({ label }) => label);
  const boilerplate = new Set(model.boilerplate);
  const bayes = naiveBayes(before, boilerplate);
  report({
    bench: "triage",
    figure: `macro F1, every issue guessed: ${set}`,
    regression: shown(macroF1(kinds, later, (issue) => best(judged(issue)))),
    naiveBayes: shown(macroF1(kinds, later, (issue) => bayes(featuresOf(issue, boilerplate)))),
  });
  return { guesses, right, calibrationError: error };
}

function best(judged: readonly { readonly label: string; readonly score: number }[]): string | undefined {
  return [...judged].sort((a, b) => b.score - a.score)[0]?.label;
}

function macroF1(
  kinds: readonly string[],
  issues: readonly LabelledIssue[],
  guess: (issue: LabelledIssue) => string | undefined,
): number {
  const guessed = issues.map((issue) => ({ guess: guess(issue), labels: issue.labels }));
  const scores = kinds.map((kind) => {
    const right = guessed.filter((each) => each.guess === kind && each.labels.includes(kind)).length;
    const said = guessed.filter((each) => each.guess === kind).length;
    const there = guessed.filter(({ labels }) => labels.includes(kind)).length;
    return said + there === 0 ? 0 : (2 * right) / (said + there);
  });
  return scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
}

/** Ten bins of equal width; each weighs as much as it holds. */
function calibrationError(judged: ReturnType<typeof judgeBy>, issues: readonly LabelledIssue[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, score: 0, right: 0 }));
  let all = 0;
  for (const issue of issues) {
    for (const { label, score } of judged(issue)) {
      const bin = bins[Math.min(9, Math.floor(score * 10))];
      if (!bin) continue;
      bin.count += 1;
      bin.score += score;
      if (issue.labels.includes(label)) bin.right += 1;
      all += 1;
    }
  }
  return bins.reduce((sum, { score, right }) => sum + Math.abs(score - right), 0) / Math.max(1, all);
}

async function measureCost(report: Report): Promise<void> {
  const issues = generateIssues(10_000, { seed: 5, wrong: 0.05 });
  const before = process.cpuUsage();
  const model = await trainLabels(issues, { target: TARGET, pause: () => Promise.resolve() });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  report({
    bench: "triage",
    figure: "training 10,000 issues, CPU seconds",
    seconds: shown(seconds),
    labels: model.labels.length,
    met: seconds <= 10,
  });
  const some = issues.slice(0, 50);
  const began = performance.now();
  for (const issue of some) judge(model, issue);
  const ms = (performance.now() - began) / some.length;
  report({ bench: "triage", figure: "judging one issue, ms", ms: shown(ms), met: ms <= 50 });
}

export function shown(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}
