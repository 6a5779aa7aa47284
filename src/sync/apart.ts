import { kindOf, PausedError } from "../errors.js";

/**
 * Whether a failure may be about one repository or one thing in it: it is there no more, may not be read, or is not what
 * was asked for. A used-up quota, an outage, and what nobody foresaw are about everything.
 */
export function isAboutOne(error: unknown): boolean {
  if (error instanceof PausedError) return false;
  const kind = kindOf(error);
  return kind === "gone" || kind === "authentication" || kind === "forbidden" || kind === "invalid";
}

/** What was read, and the repositories that can be read neither with others nor by themselves. */
export interface ReadApart<R> {
  readonly read: readonly R[];
  readonly bad: readonly number[];
}

/**
 * Reads things of several repositories at once. Where that fails by one of them, halves are read, down to the one that is
 * bad: it holds up no other. `isOne` says whether a failure may be about one of them.
 * @throws what is about everything.
 */
export async function readApart<T, R>(
  things: readonly T[],
  repositoryOf: (thing: T) => number,
  read: (some: readonly T[]) => Promise<R>,
  isOne: (error: unknown) => boolean | Promise<boolean> = isAboutOne,
): Promise<ReadApart<R>> {
  if (things.length === 0) return { read: [], bad: [] };
  try {
    return { read: [await read(things)], bad: [] };
  } catch (error) {
    if (!(await isOne(error))) throw error;
    const ids = [...new Set(things.map(repositoryOf))];
    if (ids.length === 1) return { read: [], bad: ids };
    const half = new Set(ids.slice(0, Math.ceil(ids.length / 2)));
    const those = (inHalf: boolean) => things.filter((thing) => half.has(repositoryOf(thing)) === inHalf);
    const one = await readApart(those(true), repositoryOf, read, isOne);
    const other = await readApart(those(false), repositoryOf, read, isOne);
    return { read: [...one.read, ...other.read], bad: [...one.bad, ...other.bad] };
  }
}
