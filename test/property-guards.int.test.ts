import { expect, it } from "vitest";
import { createLog } from "../src/log.js";
import type { Guard } from "../src/store/facts/table.js";
import type { Store } from "../src/store/store.js";
import { differences } from "./property/expected.js";
import { playHistory } from "./property/history.js";
import { withDatabase } from "./support/database.js";

const GUARDS: readonly Guard[] = ["version", "tombstone", "child-sets", "ties"];
const SEEDS = 12;

const removed = await withDatabase({ poolSize: 6 });
const whole = await withDatabase({ poolSize: 6 });
const log = createLog({ level: "silent" });

const play = async (store: Store, seed: number, without?: Guard) => {
  const guard = without === undefined ? {} : { without };
  const { expected, stored } = await playHistory({ store, log, seed, changes: 300, concurrency: 3, ...guard });
  return differences(expected, stored);
};

it.each(GUARDS)(
  "the property of property.test.ts is red without the guard '%s'",
  { timeout: 300_000 },
  async (without) => {
    const first = 1_000 + GUARDS.indexOf(without) * SEEDS;
    for (let seed = first; seed < first + SEEDS; seed += 1) {
      const problems = await play(removed.store, seed, without);
      if (problems.length === 0) continue;
      expect(await play(whole.store, seed)).toEqual([]);
      return;
    }
    expect.fail(`${SEEDS} histories without the guard ended in the right rows`);
  },
);
