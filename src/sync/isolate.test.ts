import { describe, expect, it } from "vitest";
import { GoneError, InvalidError, NetworkError, PausedError, RateLimitError } from "../errors.js";
import { readIsolated } from "./isolate.js";

/** Things of eight repositories, two of each. */
const THINGS = Array.from({ length: 16 }, (_, id) => ({ id, repository: 1 + (id % 8) }));
const homeOf = ({ repository }: (typeof THINGS)[number]): number => repository;

function reader(fails: (repository: number) => Error | null) {
  const asked: number[][] = [];
  const read = async (some: readonly (typeof THINGS)[number][]) => {
    asked.push(some.map(({ id }) => id));
    for (const thing of some) {
      const error = fails(homeOf(thing));
      if (error) throw error;
    }
    return Promise.resolve(some.map(({ id }) => id));
  };
  return { asked, read };
}

describe("reading things of several repositories", () => {
  it("reads once if no item fails, and not at all without items", async () => {
    const { asked, read } = reader(() => null);
    expect(await readIsolated(THINGS, homeOf, read)).toEqual({ read: [THINGS.map(({ id }) => id)], bad: [] });
    expect(await readIsolated([], homeOf, read)).toEqual({ read: [], bad: [] });
    expect(asked).toHaveLength(1);
  });

  it.each([new GoneError("gone"), new InvalidError("broken")])("finds the one that is bad: %s", async (error) => {
    const { asked, read } = reader((repository) => (repository === 3 ? error : null));
    const apart = await readIsolated(THINGS, homeOf, read);
    expect(apart.bad).toEqual([3]);
    expect(new Set(apart.read.flat())).toEqual(
      new Set(THINGS.filter((thing) => homeOf(thing) !== 3).map(({ id }) => id)),
    );
    expect(asked).toHaveLength(7);
  });

  it.each([
    new RateLimitError("used up", new Date()),
    new PausedError("authentication", "refused a moment ago", new Date()),
    new NetworkError("away"),
    new TypeError("unforeseen"),
  ])("does not retry a failure that concerns the whole run: %s", async (error) => {
    const { asked, read } = reader((repository) => (repository === 3 ? error : null));
    await expect(readIsolated(THINGS, homeOf, read)).rejects.toBe(error);
    expect(asked).toHaveLength(1);
  });
});
