/** Stands for any number of items, none too. */
export const ANY = Symbol("any");

/** How many comparisons are left for one question; with none left the answer is no. */
export interface Steps {
  left: number;
}

/**
 * Whether a pattern covers a sequence as a whole. Only the last `ANY` is ever taken back, so the time is at most the
 * product of both lengths, whatever they hold: foreign patterns meet foreign texts here.
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
