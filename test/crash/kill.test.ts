import { afterAll, expect, test } from "vitest";
import { seededRandom } from "../../demo/github/index.js";
import { createDatabase } from "../support/database.js";
import { startApp } from "./app-child.js";
import { attemptsSoFar, openIssues, outcomeOf, startOrganisation, taskFor, untilFinished } from "./setting.js";

/** `kill -9` at twenty seeded points of a burst; every acknowledged delivery is processed, none twice visibly. */
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const POINTS = ["afterCommit", "afterIntent", "afterCall", "anywhere"] as const;
const BURST = 25;

const organisation = await startOrganisation();
afterAll(() => organisation.github.close());

test.each(SEEDS.map((seed) => [seed, POINTS[seed % POINTS.length] ?? "anywhere"] as const))(
  "seed %i, killed %s",
  async (seed, point) => {
    const random = seededRandom(seed);
    const database = await createDatabase();
    try {
      const { control } = organisation.github;
      const since = await attemptsSoFar(organisation);
      const nth = 1 + Math.floor(random() * (point === "afterCommit" ? 5 : 15));
      const task = taskFor(organisation, database.url);
      const first = await startApp({ ...task, die: point === "anywhere" ? null : { at: point, nth } });
      await control.run("webhook", { url: `${first.url}/api/github/webhooks` });
      const timer = point === "anywhere" ? setTimeout(first.kill, 50 + random() * 1_000) : undefined;
      const numbers = await openIssues(organisation, BURST);
      await control.run("idle", {});
      if (point !== "anywhere") await Promise.race([first.gone, untilFinished(database.store.sql, 30_000)]);
      first.kill();
      await first.gone;
      clearTimeout(timer);

      const second = await startApp(task);
      await untilFinished(database.store.sql, 60_000);
      await second.stop();
      const outcome = await outcomeOf(organisation, database.store.sql, { numbers, since });
      expect(outcome.lost).toEqual([]);
      expect(outcome.failedJobs).toBe(0);
      expect(Object.values(outcome.comments).filter((count) => count !== 1)).toEqual([]);
      // The burst reached the app at all.
      expect(Object.keys(outcome.comments).length).toBeGreaterThan(0);
    } finally {
      await database.drop();
    }
  },
  120_000,
);
