import type { Features } from "./features.js";
import type { SparseRow } from "./regression.js";

/** The features that a model knows: their places, and how rare each is. */
export interface Vocabulary {
  readonly places: ReadonlyMap<string, number>;
  readonly rarity: readonly number[];
}

const MOST = 60_000;

/** Features of at least two issues, the most frequent first where there are too many. */
export function vocabularyOf(issues: readonly Features[]): Vocabulary {
  const counts = new Map<string, number>();
  for (const features of issues) for (const name of features.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const least = issues.length > 2_000 ? 3 : 2;
  const kept = [...counts]
    .filter(([, count]) => count >= least)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST);
  return {
    places: new Map(kept.map(([name], place) => [name, place])),
    rarity: kept.map(([, count]) => Math.log(1 + issues.length / count)),
  };
}

/** The issue as features of a model; unknown words are left out. */
export function rowOf(features: Features, { places, rarity }: Vocabulary): SparseRow {
  const found: [number, number][] = [];
  for (const [name, count] of features) {
    const place = places.get(name);
    if (place !== undefined) found.push([place, (1 + Math.log(count)) * (rarity[place] ?? 0)]);
  }
  found.sort((a, b) => a[0] - b[0]);
  const length = Math.hypot(...found.map(([, value]) => value)) || 1;
  return {
    at: Int32Array.from(found, ([place]) => place),
    value: Float32Array.from(found, ([, value]) => value / length),
  };
}
