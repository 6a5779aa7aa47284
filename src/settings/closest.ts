/** The longest name, in characters, that is compared. */
const LONGEST_NAME = 60;

/** The known setting that a mistyped one probably means; null: none is similar. */
export function closest(name: string, known: readonly string[]): string | null {
  if (name.length > LONGEST_NAME) return null;
  const near = known
    .map((each) => ({ known: each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter((each) => each.distance <= Math.max(1, Math.floor(each.known.length / 4)))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.known ?? null;
}

/** The Levenshtein distance of two names. For very different lengths it returns only 'far'. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > LONGEST_NAME) return Math.abs(a.length - b.length);
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
