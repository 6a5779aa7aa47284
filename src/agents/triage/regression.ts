/** One issue as numbers: ascending indexes of its features, and their values; the vector has length 1. */
export interface SparseRow {
  readonly at: Int32Array;
  readonly value: Float32Array;
}

export interface Weights {
  readonly bias: number;
  readonly weights: Float64Array;
}

const EPOCHS = 12;
const RATE = 0.5;
const DECAY = 2e-5;

/**
 * Sparse logistic regression with AdaGrad. Deterministic: the order of each pass comes from a fixed seed. `pause` is
 * awaited after each pass, so that the process can do other work.
 */
export async function train(
  rows: readonly SparseRow[],
  positive: readonly boolean[],
  size: number,
  pause: () => Promise<void>,
): Promise<Weights> {
  const weights = new Float64Array(size);
  const squares = new Float64Array(size).fill(1e-6);
  const order = Uint32Array.from(rows.keys());
  let bias = 0;
  let biasSquares = 1e-6;
  let seed = 20_261_130;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (let last = order.length - 1; last > 0; last -= 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const other = seed % (last + 1);
      const kept = order[last] ?? 0;
      order[last] = order[other] ?? 0;
      order[other] = kept;
    }
    for (const index of order) {
      const row = rows[index];
      if (!row) continue;
      const error = score({ bias, weights }, row) - (positive[index] === true ? 1 : 0);
      biasSquares += error * error;
      bias -= (RATE * error) / Math.sqrt(biasSquares);
      const { at, value } = row;
      for (let place = 0; place < at.length; place += 1) {
        const feature = at[place] ?? 0;
        const weight = weights[feature] ?? 0;
        const slope = error * (value[place] ?? 0) + DECAY * weight;
        const square = (squares[feature] ?? 0) + slope * slope;
        squares[feature] = square;
        weights[feature] = weight - (RATE * slope) / Math.sqrt(square);
      }
    }
    await pause();
  }
  return { bias, weights };
}

/** Between 0 and 1. */
export function score({ bias, weights }: Weights, { at, value }: SparseRow): number {
  let sum = bias;
  for (let place = 0; place < at.length; place += 1) sum += (weights[at[place] ?? 0] ?? 0) * (value[place] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}
