import { z } from "zod";
import type { Guess } from "./threshold.js";

/** Turns a classifier's score into the share of such guesses that were right: `1 / (1 + exp(-(slope · logit + intercept)))`. */
export const calibration = z.object({ slope: z.number(), intercept: z.number() }).readonly();
export type Calibration = z.output<typeof calibration>;

const ROUNDS = 50;
/** Pulls the slope towards 1, where a history is short. */
const PRIOR = 2;
const EDGE = 1e-6;

/**
 * Platt scaling by Newton's method, on guesses about issues that were later than what the guess was learnt from. A slope
 * below zero would turn the order of scores round: then the score says nothing, and the share of the label is all.
 * Source: Platt, 'Probabilistic outputs for support vector machines', 1999; Lin, Lin and Weng, 2007.
 */
export function calibrate(guesses: readonly Guess[]): Calibration {
  const right = guesses.filter((guess) => guess.right).length;
  // Platt's targets: no share of a finite history is quite 0 or 1.
  const [yes, no] = [(right + 1) / (right + 2), 1 / (guesses.length - right + 2)];
  const points = guesses.map((guess) => ({ x: logit(guess.score), target: guess.right ? yes : no }));
  let [slope, intercept] = [1, 0];
  const lossAt = (atSlope: number, atIntercept: number) =>
    points.reduce(
      (sum, { x, target }) => {
        const value = atSlope * x + atIntercept;
        return sum + Math.log1p(Math.exp(-Math.abs(value))) + Math.max(value, 0) - target * value;
      },
      (PRIOR / 2) * (atSlope - 1) ** 2,
    );
  for (let round = 0; round < ROUNDS; round += 1) {
    let [g1, g0, h11, h10, h00] = [PRIOR * (slope - 1), 0, PRIOR, 0, EDGE];
    for (const { x, target } of points) {
      const share = logistic(slope * x + intercept);
      const weight = Math.max(share * (1 - share), EDGE);
      g1 += (share - target) * x;
      g0 += share - target;
      h11 += weight * x * x;
      h10 += weight * x;
      h00 += weight;
    }
    const determinant = h11 * h00 - h10 * h10;
    const [bySlope, byIntercept] = [(h00 * g1 - h10 * g0) / determinant, (h11 * g0 - h10 * g1) / determinant];
    // A whole step can lead away from the minimum: it is halved until it helps.
    const loss = lossAt(slope, intercept);
    let step = 1;
    while (step > EDGE && lossAt(slope - step * bySlope, intercept - step * byIntercept) > loss) step /= 2;
    slope -= step * bySlope;
    intercept -= step * byIntercept;
    if (step <= EDGE || Math.abs(bySlope) + Math.abs(byIntercept) < 1e-7) break;
  }
  if (slope > 0) return { slope, intercept };
  return { slope: 0, intercept: logit((right + 1) / (guesses.length + 2)) };
}

export function calibrated({ slope, intercept }: Calibration, score: number): number {
  return logistic(slope * logit(score) + intercept);
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function logit(share: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, share));
  return Math.log(inside / (1 - inside));
}
