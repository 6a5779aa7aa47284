import { createLog } from "../src/log.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import { openStore, type Store } from "../src/store/store.js";
import { randomDifference } from "./dora/random.js";
import { rivalVerdicts } from "./dora/rivals.js";
import { scale } from "./dora/scale.js";
import { HISTORIES, scriptedDifferences } from "./dora/scripted.js";

/** How many random histories. */
const SEEDS = 200;
const MOST_RATIO = 2;

type Report = (figure: Record<string, unknown>) => void;

/** The DORA figures against figures that were counted by hand. `docs/dora.md` has the definitions. */
export async function run(report: Report): Promise<void> {
  const log = createLog({ level: "warn" });
  await withTemporary({ prefix: "companyos-bench-", log }, async (url) => {
    await migrate(url, { log });
    const store = openStore({ url, poolSize: 2, applicationName: "companyos bench" });
    try {
      await compare(report, store);
    } finally {
      await store.close();
    }
  });
}

async function compare(report: Report, store: Store): Promise<void> {
  const { ratio, ...times } = await scale(store);
  report({
    figure: "dora of 100,000 deployments over a scan of their rows",
    ...times,
    ratio: Number(ratio.toFixed(2)),
    allowed: MOST_RATIO,
    met: ratio <= MOST_RATIO,
  });
  const scripted = await scriptedDifferences(store);
  for (const difference of scripted) console.error(difference);
  report({
    figure: "dora scripted histories",
    histories: HISTORIES.length,
    equal: HISTORIES.length - scripted.length,
    met: scripted.length === 0,
  });

  const random: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1)
    random.push(...[await randomDifference(store, seed)].flatMap((each) => each ?? []));
  for (const difference of random.slice(0, 3)) console.error(difference);
  report({
    figure: "dora random histories, a fifth of the deliveries lost, others repeated, all in any order",
    histories: SEEDS,
    equal: SEEDS - random.length,
    met: random.length === 0,
  });
  for (const { issue, right, ours, theirs } of await rivalVerdicts(store))
    report({
      figure: `dora beside DevLake's rules, ${issue}`,
      right,
      ours,
      theirs,
      met: ours === right && theirs !== right,
    });
}
