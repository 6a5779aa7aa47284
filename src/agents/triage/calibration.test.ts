import { expect, test } from "vitest";
import { calibrate, calibrated } from "./calibration.js";

const logistic = (value: number) => 1 / (1 + Math.exp(-value));

/** Scores between 0 and 1, of which a share is right as `probability` says. */
function guesses(count: number, probability: (score: number) => number) {
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Array.from({ length: count }, () => {
    const score = random();
    return { score, right: random() < probability(score) };
  });
}

test("scores that are too sure become the share that was right", () => {
  const truth = (score: number) => logistic(0.4 * Math.log(score / (1 - score)) - 1);
  const fitted = calibrate(guesses(4_000, truth));
  for (const score of [0.05, 0.3, 0.5, 0.9, 0.99]) expect(calibrated(fitted, score)).toBeCloseTo(truth(score), 1);
});

test("extreme scores that are mostly wrong do not throw the fit off", () => {
  const all = Array.from({ length: 600 }, (_, index) => ({
    score: index % 2 === 0 ? 1e-7 : 1 - 1e-7,
    right: index % 10 < 3,
  }));
  const fitted = calibrate(all);
  const mean = all.reduce((sum, { score }) => sum + calibrated(fitted, score), 0) / all.length;
  expect(mean).toBeCloseTo(0.3, 1);
});

test("scores that say the opposite give the share of the label, and never turn the order round", () => {
  const fitted = calibrate(guesses(2_000, (score) => 0.6 - 0.4 * score));
  expect(fitted.slope).toBe(0);
  expect(calibrated(fitted, 0.9)).toBeCloseTo(0.4, 1);
});

test("without a guess a score stays what it is", () => {
  expect(calibrated(calibrate([]), 0.7)).toBeCloseTo(0.7);
});
