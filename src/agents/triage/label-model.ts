import { z } from "zod";
import { calibrate, calibrated, calibration } from "./calibration.js";
import { featuresOf } from "./features.js";
import { score, type SparseRow, train, type Weights } from "./regression.js";
import { boilerplateOf, type IssueText } from "./text.js";
import { type Guess, thresholdFor } from "./threshold.js";
import { rowOf, type Vocabulary, vocabularyOf } from "./vocabulary.js";

/** An issue labelled by people, in its original text. */
export interface LabelledIssue extends IssueText {
  /** Labels that people set. */
  readonly labels: readonly string[];
}

const learnt = z
  .object({
    label: z.string(),
    examples: z.int(),
    /** Null: the label is never added, and `reason` explains why. */
    threshold: z
      .object({ score: z.number(), guesses: z.int(), right: z.int(), bound: z.number() })
      .readonly()
      .nullable(),
    reason: z.string().nullable(),
    /** Makes probabilities of scores. */
    calibration,
    bias: z.number(),
    /** Indexes of the vocabulary and their weights. */
    weights: z.array(z.tuple([z.int(), z.number()])),
    /** Labels that people set together with this one. */
    together: z.array(z.string()),
  })
  .readonly();
export type LearntLabel = z.output<typeof learnt>;

/** The trained model of a repository, as stored. */
export const labelModel = z.object({
  version: z.literal(2),
  issues: z.int(),
  target: z.number(),
  boilerplate: z.array(z.string()),
  vocabulary: z.array(z.string()),
  rarity: z.array(z.number()),
  labels: z.array(learnt),
  /** Labels that were not learned, with reasons. */
  silent: z.array(z.object({ label: z.string(), reason: z.string() })),
});
export type LabelModel = z.output<typeof labelModel>;

export interface TrainingOptions {
  /** The minimum precision of a label. */
  readonly target: number;
  /** Awaited often, so that the process can do other work. */
  pause(): Promise<void>;
}

/** The minimum number of examples of a label. */
export const LEAST_EXAMPLES = 40;
/** The most labels, by frequency; training time grows with them. */
const MOST_LABELS = 12;
/** The most issues, newest first. */
export const MOST_ISSUES = 10_000;
/** Shares of the history, in order: each part is predicted from the parts before it. */
const FOLDS = [0.4, 0.55, 0.7, 0.85, 1] as const;
const SMALLEST_WEIGHT = 0.01;

/**
 * Trains one classifier for each label on a repository's history, oldest first. Thresholds come from predictions for
 * later issues than the training data, because a real prediction never knows the future.
 */
export async function trainLabels(history: readonly LabelledIssue[], options: TrainingOptions): Promise<LabelModel> {
  const issues = history.slice(-MOST_ISSUES);
  const boilerplate = boilerplateOf(issues.map(({ body }) => body));
  const features = [];
  for (const [index, issue] of issues.entries()) {
    if (index % 200 === 0) await options.pause();
    features.push(featuresOf(issue, boilerplate));
  }
  const vocabulary = vocabularyOf(features);
  const rows = features.map((each) => rowOf(each, vocabulary));
  const counts = countsOf(issues);
  const frequent = [...counts].filter(([, count]) => count >= LEAST_EXAMPLES).sort(byCount);
  const labels = [];
  for (const [label, examples] of frequent.slice(0, MOST_LABELS))
    labels.push(await learn({ label, examples, issues, rows, vocabulary }, options));
  return {
    version: 2,
    issues: issues.length,
    target: options.target,
    boilerplate: [...boilerplate],
    vocabulary: [...vocabulary.places.keys()],
    rarity: vocabulary.rarity.map(rounded),
    labels,
    silent: [
      ...frequent
        .slice(MOST_LABELS)
        .map(([label]) => ({ label, reason: `only the ${MOST_LABELS} most frequent labels are learned` })),
      ...[...counts]
        .filter(([, count]) => count < LEAST_EXAMPLES)
        .sort(byCount)
        .slice(0, 100)
        .map(([label, count]) => ({ label, reason: `${count} examples by people; ${LEAST_EXAMPLES} are needed` })),
    ],
  };
}

interface Learning {
  readonly label: string;
  readonly examples: number;
  readonly issues: readonly LabelledIssue[];
  readonly rows: readonly SparseRow[];
  readonly vocabulary: Vocabulary;
}

async function learn(learning: Learning, { target, pause }: TrainingOptions): Promise<LearntLabel> {
  const { label, examples, issues, rows, vocabulary } = learning;
  const positive = issues.map(({ labels }) => labels.includes(label));
  const size = vocabulary.places.size;
  const guesses: Guess[] = [];
  for (const [fold, share] of FOLDS.entries()) {
    const next = FOLDS[fold + 1];
    if (next === undefined) break;
    const [from, to] = [Math.floor(share * rows.length), Math.floor(next * rows.length)];
    const weights = await train(rows.slice(0, from), positive, size, pause);
    for (let index = from; index < to; index += 1) {
      const row = rows[index];
      if (row) guesses.push({ score: score(weights, row), right: positive[index] === true });
    }
  }
  const fitted = calibrate(guesses);
  const threshold = thresholdFor(
    guesses.map((guess) => ({ ...guess, score: calibrated(fitted, guess.score) })),
    target,
  );
  const { bias, weights } = await train(rows, positive, size, pause);
  const percent = Math.round(target * 100);
  return {
    label,
    examples,
    threshold,
    reason:
      threshold === null
        ? `no threshold reaches ${percent} % precision in this repository's own later issues (${guesses.length} guesses)`
        : null,
    calibration: fitted,
    bias: rounded(bias),
    weights: sparse(weights),
    together: togetherWith(label, issues),
  };
}

export interface Judged {
  readonly label: string;
  readonly score: number;
  readonly threshold: number | null;
}

/** The model's prediction for an issue: a score for each learned label. */
export function judge(model: LabelModel, issue: IssueText): readonly Judged[] {
  return judgeBy(model)(issue);
}

/** The same for many issues. */
export function judgeBy(model: LabelModel): (issue: IssueText) => readonly Judged[] {
  const places = new Map(model.vocabulary.map((name, place) => [name, place]));
  const boilerplate = new Set(model.boilerplate);
  const labels = model.labels.map((learnt) => ({
    label: learnt.label,
    weights: dense(learnt, model.vocabulary.length),
    calibration: learnt.calibration,
    threshold: learnt.threshold?.score ?? null,
  }));
  return (issue) => {
    const row = rowOf(featuresOf(issue, boilerplate), { places, rarity: model.rarity });
    return labels.map(({ label, weights, threshold, calibration: fitted }) => ({
      label,
      score: calibrated(fitted, score(weights, row)),
      threshold,
    }));
  };
}

function dense({ bias, weights }: LearntLabel, size: number): Weights {
  const all = new Float64Array(size);
  for (const [place, weight] of weights) all[place] = weight;
  return { bias, weights: all };
}

function sparse(weights: Float64Array): [number, number][] {
  const kept: [number, number][] = [];
  for (const [place, weight] of weights.entries())
    if (Math.abs(weight) >= SMALLEST_WEIGHT) kept.push([place, rounded(weight)]);
  return kept;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function countsOf(issues: readonly LabelledIssue[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { labels } of issues) for (const label of new Set(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function byCount(a: readonly [string, number], b: readonly [string, number]): number {
  return b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
}

/** Labels that people set together with this one repeatedly; they are not exclusive. */
function togetherWith(label: string, issues: readonly LabelledIssue[]): string[] {
  const beside = countsOf(issues.filter(({ labels }) => labels.includes(label)));
  return [...beside]
    .filter(([other, count]) => other !== label && count >= 3)
    .map(([other]) => other)
    .sort();
}
