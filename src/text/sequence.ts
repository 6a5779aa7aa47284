/** Matches any number of items, including none. */
export const ANY = Symbol("any");

/** The remaining comparisons for one match; with none left the answer is no. */
export interface Steps {
  left: number;
}

/**
 * Whether a pattern matches a whole sequence. Backtracks only to the last `ANY`, so the time is at most the product of
 * both lengths, even for hostile patterns and texts.
 */
export function covers<T, U>(
  pattern: readonly (T | typeof ANY)[],
  items: readonly U[],
  fits: (part: T, item: U) => boolean,
  steps: Steps,
): boolean {
  let [part, at] = [0, 0];
  let [afterAny, taken] = [-1, 0];
  while (at < items.length) {
    if ((steps.left -= 1) < 0) return false;
    const wanted = pattern[part];
    const item = items[at];
    if (wanted === ANY) {
      part += 1;
      [afterAny, taken] = [part, at];
    } else if (part < pattern.length && wanted !== undefined && item !== undefined && fits(wanted, item)) {
      part += 1;
      at += 1;
    } else if (afterAny >= 0) {
      taken += 1;
      [part, at] = [afterAny, taken];
    } else return false;
  }
  while (pattern[part] === ANY) part += 1;
  return part === pattern.length;
}
