import { afterEach, describe, expect, it } from "vitest";
import { withDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const { store } = await withDatabase({ poolSize: 10 });
let setting: SyncSetting | undefined;
afterEach(() => setting?.github.close());

describe("an incremental sync", () => {
  it(
    "brings everything up to date that changed, and costs next to nothing when nothing did",
    { timeout: 180_000 },
    async () => {
      setting = await syncSetting(store, {
        generate: {
          seed: 3,
          repositories: 8,
          pulls: 120,
          issues: 80,
          comments: 3,
          commits: 20,
          deployments: 3,
          releases: 2,
        },
      });
      expect(await setting.sync("full")).toMatchObject({ status: "completed" });

      const idle = await setting.sync("incremental");
      expect(idle).toMatchObject({ status: "completed", rows_written: 0 });
      expect(idle.points).toBeLessThanOrEqual(4);
      expect(idle.requests).toBeLessThanOrEqual(4);

      for (const seed of [1, 2, 3]) {
        await setting.github.control.run("random", { seed, count: 300 });
        const run = await setting.sync("incremental");
        expect(run).toMatchObject({ status: "completed", warnings: [] });
        expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
      }
    },
  );
});
