import { it } from "vitest";
import { drain } from "../../simulator/organisation/create.js";
import type { Delivery } from "../../simulator/organisation/delivery.js";
import { between, type Random, seededRandom } from "../../simulator/random.js";
import type { GitHubClient } from "../../src/github/client.js";
import { changeSomething, type Untold } from "../property/random-change.js";
import { createDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { hostOf } from "./host.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const SEEDS = Number(process.env["SYNC_SEEDS"] ?? 2);
const ROUNDS = 3;
const CHANGES = 300;

/** What GitHub tells of changes, by when it arrives, in any order; a third never does. */
interface Mail {
  readonly before: readonly Delivery[];
  readonly during: readonly Delivery[];
  readonly after: readonly Delivery[];
}

/** Changes at random, many in the same second; what GitHub tells of them is partly sent twice. */
function change({ github: { simulation } }: SyncSetting, random: Random, untold: readonly Untold[]): Mail {
  const { organisation, clock } = simulation;
  const sent: { readonly delivery: Delivery; readonly at: number }[] = [];
  for (let made = 0; made < CHANGES;) {
    if (random() < 0.4) clock.advance(between(random, 1, 3));
    if (!changeSomething(organisation, random, { untold })) continue;
    made += 1;
    for (const delivery of drain(organisation))
      for (let times = random() < 0.2 ? 2 : 1; times > 0; times -= 1) sent.push({ delivery, at: random() });
  }
  clock.advance(1);
  const arriving = (from: number, until: number): Delivery[] =>
    sent
      .filter(({ at }) => at >= from && at < until)
      .sort((a, b) => a.at - b.at)
      .map(({ delivery }) => delivery);
  return { before: arriving(0, 0.25), during: arriving(0.25, 0.45), after: arriving(0.45, 0.65) };
}

/** The client, with something that happens between each of GitHub's answers and its storing. */
function meanwhile(client: GitHubClient, happens: () => Promise<void>): GitHubClient {
  return {
    ...client,
    async rest(route, parameters) {
      const answer = await client.rest(route, parameters);
      await happens();
      return answer;
    },
    async query(document, variables, schema) {
      const answer = await client.query(document, variables, schema);
      await happens();
      return answer;
    },
  };
}

it.concurrent.for(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  "deliveries that are lost, or arrive before, during and after one sync, leave the organisation (seed %i)",
  { timeout: 180_000 },
  async (seed, { expect, onTestFinished }) => {
    const { store, drop } = await createDatabase({ poolSize: 5 });
    const setting = await syncSetting(store, {
      generate: { seed, repositories: 3, pulls: 15, issues: 15, comments: 2, commits: 5, deployments: 2, releases: 1 },
    });
    const { github, installationId, options } = setting;
    onTestFinished(async () => {
      await github.close();
      await drop();
    });
    const { deliver, read } = hostOf(setting);
    const random = seededRandom(1_000 + seed);
    await setting.sync("full");
    for (let round = 0; round < ROUNDS; round += 1) {
      const mode = random() < 0.3 ? "full" : "incremental";
      // A label's name moves no version: a full sync sees it, and otherwise a reconciliation, within a week.
      const untold = ["moved comments", ...(mode === "full" ? (["label's name"] as const) : [])] as const;
      const { before, during, after } = change(setting, random, untold);
      await deliver(before);
      await read();
      const left = [...during];
      const client = meanwhile(options.client(installationId), async () => {
        await deliver(left.splice(0, between(random, 0, 8)));
        if (random() < 0.1) await read();
      });
      expect(await setting.sync(mode, { options: { client: () => client } })).toMatchObject({ status: "completed" });
      expect(left.length).toBeLessThan(during.length);
      await deliver([...left, ...after]);
      await read();
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    }
  },
);
