import { expect, it } from "vitest";
import { createLog } from "../src/log.js";
import { differences } from "./property/expected.js";
import { playHistory } from "./property/history.js";
import { withDatabase } from "./support/database.js";

const SEEDS = Number(process.env["PROPERTY_SEEDS"] ?? 12);
const CHANGES = 300;
const AT_ONCE = 4;

const database = await withDatabase({ poolSize: 12 });
const log = createLog({ level: "silent" });

it(
  `after ${SEEDS} random histories of ${CHANGES} changes the rows are the organisation's`,
  { timeout: 600_000 },
  async () => {
    const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
    const next = seeds.values();
    const problems: string[] = [];
    const totals: Record<string, number> = { deliveries: 0, jobs: 0 };
    const work = async () => {
      for (const seed of next) {
        const history = await playHistory({ store: database.store, log, seed, changes: CHANGES, concurrency: 3 });
        problems.push(...differences(history.expected, history.stored).map((each) => `seed ${seed}: ${each}`));
        for (const [key, n] of Object.entries({
          ...history.results,
          deliveries: history.deliveries,
          jobs: history.jobs,
        })) {
          totals[key] = (totals[key] ?? 0) + n;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    console.log(JSON.stringify(totals));
    expect(problems.slice(0, 20)).toEqual([]);
  },
);
