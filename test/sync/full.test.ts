import { afterEach, describe, expect, it } from "vitest";
import { withDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const { store } = await withDatabase({ poolSize: 10 });
let setting: SyncSetting | undefined;
afterEach(() => setting?.github.close());

describe("a full sync", () => {
  it("ends with tables that equal the organisation, field by field", { timeout: 120_000 }, async () => {
    setting = await syncSetting(store, {
      generate: {
        seed: 7,
        repositories: 6,
        pulls: 260,
        issues: 240,
        comments: 4,
        commits: 150,
        deployments: 3,
        releases: 2,
      },
    });
    const run = await setting.sync("full");
    expect(run).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
    const counters = await setting.github.control.run("counters", {});
    expect(counters.unhandled).toEqual({});
    const caller = counters.callers[`installation ${setting.installationId}`];
    expect(caller?.refused).toEqual({});
  });
});
