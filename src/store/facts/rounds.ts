/**
 * Splits items so that no key appears twice in one round: one INSERT cannot change a row twice. The order is kept
 * within a key.
 */
export function rounds<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const seen = new Map<string, number>();
  const result: T[][] = [];
  for (const item of items) {
    const key = keyOf(item);
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    const bucket = result[round];
    if (bucket === undefined) result.push([item]);
    else bucket.push(item);
  }
  return result;
}
