/** One prediction for an issue outside of the training data, with people's decision. */
export interface Guess {
  readonly score: number;
  readonly right: boolean;
}

export interface Threshold {
  /** Predictions with at least this score count. */
  readonly score: number;
  /** How many earlier predictions reached it, and how many of them were right. */
  readonly guesses: number;
  readonly right: number;
  /** Lower Wilson bound of the precision. */
  readonly bound: number;
}

/** One-sided, 95 %. */
const Z = 1.645;

/** The lower Wilson bound of a share, one-sided, 95 %. */
export function wilsonLower(right: number, all: number, z: number = Z): number {
  if (all === 0) return 0;
  const share = right / all;
  const square = z * z;
  const middle = share + square / (2 * all);
  const spread = z * Math.sqrt((share * (1 - share) + square / (4 * all)) / all);
  return (middle - spread) / (1 + square / all);
}

/**
 * The lowest score from which on the guesses are right often enough: the lower bound of their precision reaches the
 * target, and so does that of every higher score with as many guesses. Null: no score does.
 */
export function thresholdFor(guesses: readonly Guess[], target: number): Threshold | null {
  const sorted = [...guesses].sort((a, b) => b.score - a.score);
  let right = 0;
  let found: Threshold | null = null;
  for (const [index, guess] of sorted.entries()) {
    if (guess.right) right += 1;
    // Predictions with the same score are accepted or rejected together.
    if (sorted[index + 1]?.score === guess.score) continue;
    const all = index + 1;
    const bound = wilsonLower(right, all);
    if (bound >= target) found = { score: guess.score, guesses: all, right, bound };
  }
  return found;
}
