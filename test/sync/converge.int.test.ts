import { afterEach, expect, it } from "vitest";
import { drain } from "../../simulator/organisation/create.js";
import type { Delivery } from "../../simulator/organisation/delivery.js";
import { between, type Random, seededRandom } from "../../simulator/random.js";
import { access } from "../../src/jobs/access.js";
import { registryOf } from "../../src/jobs/define-job.js";
import { pushCommits } from "../../src/jobs/push-commits.js";
import { refresh } from "../../src/jobs/refresh.js";
import { createLog } from "../../src/log.js";
import { processDelivery } from "../../src/process/process-delivery.js";
import { changeSomething } from "../property/random-change.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const SEEDS = Number(process.env["SYNC_SEEDS"] ?? 2);
const CHANGES = 150;
const jobs = registryOf([refresh, access, pushCommits]);
const log = createLog({ level: "silent" });

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

/**
 * Changes at random, in the same seconds; a half of what GitHub would tell is lost, the rest comes in any order and
 * partly twice. Tied contents are left as they are: nobody but the sync reads GitHub.
 */
async function live(made: SyncSetting, random: Random): Promise<void> {
  const { organisation, clock } = made.github.simulation;
  const { store } = made.options;
  const deliveries: Delivery[] = [];
  for (let change = 0; change < CHANGES;) {
    if (random() < 0.4) clock.advance(between(random, 1, 3));
    if (!changeSomething(organisation, random)) continue;
    change += 1;
    deliveries.push(...drain(organisation).filter(() => random() < 0.5));
  }
  const shuffled = deliveries
    .flatMap((delivery) => (random() < 0.2 ? [delivery, delivery] : [delivery]))
    .map((delivery) => ({ delivery, at: random() }))
    .sort((a, b) => a.at - b.at);
  for (const { delivery } of shuffled)
    await processDelivery(
      { store, log, clock, jobs },
      { guid: "converge", name: delivery.event, payload: delivery.payload, token: null },
    );
  clock.advance(1);
}

it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  "lost deliveries plus one sync equals the organisation (seed %i)",
  { timeout: 120_000 },
  async (seed) => {
    database = await createDatabase({ poolSize: 8 });
    const { store } = database;
    setting = await syncSetting(store, {
      generate: { seed, repositories: 3, pulls: 15, issues: 15, comments: 2, commits: 5, deployments: 2, releases: 1 },
    });
    const random = seededRandom(seed);
    await setting.sync("full");
    for (let round = 0; round < 2; round += 1) {
      await live(setting, random);
      expect(await setting.sync("incremental")).toMatchObject({ status: "completed" });
      expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
    }
  },
);
