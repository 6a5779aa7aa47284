import { kindOf, PausedError } from "../errors.js";

/**
 * Whether a failure can concern a single repository or item: it no longer exists, may not be read, or has an unexpected
 * shape. Rate limits, outages and unexpected errors concern the whole run.
 */
export function isAboutOne(error: unknown): boolean {
  if (error instanceof PausedError) return false;
  const kind = kindOf(error);
  return kind === "gone" || kind === "authentication" || kind === "forbidden" || kind === "invalid";
}

/** The results, and the repositories that could not be read, even alone. */
export interface ReadIsolated<R> {
  readonly read: readonly R[];
  readonly bad: readonly number[];
}

/**
 * Reads items of several repositories at once. If one of them fails, the list is halved until the failing repository is
 * isolated, so that it does not block the others. `isOne` says whether a failure can concern one of them.
 * @throws failures that concern the whole run.
 */
export async function readIsolated<T, R>(
  things: readonly T[],
  repositoryOf: (thing: T) => number,
  read: (some: readonly T[]) => Promise<R>,
  isOne: (error: unknown) => boolean | Promise<boolean> = isAboutOne,
): Promise<ReadIsolated<R>> {
  if (things.length === 0) return { read: [], bad: [] };
  try {
    return { read: [await read(things)], bad: [] };
  } catch (error) {
    if (!(await isOne(error))) throw error;
    const ids = [...new Set(things.map(repositoryOf))];
    if (ids.length === 1) return { read: [], bad: ids };
    const half = new Set(ids.slice(0, Math.ceil(ids.length / 2)));
    const those = (inHalf: boolean) => things.filter((thing) => half.has(repositoryOf(thing)) === inHalf);
    const one = await readIsolated(those(true), repositoryOf, read, isOne);
    const other = await readIsolated(those(false), repositoryOf, read, isOne);
    return { read: [...one.read, ...other.read], bad: [...one.bad, ...other.bad] };
  }
}
