import { afterEach, expect, test } from "vitest";
import { syncFacts } from "../../src/store/health/own-facts.js";
import type { SyncRun } from "../../src/store/sync/runs.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { type SyncSetting, syncSetting } from "../sync/setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const HOUR = 3_600;

test(
  "a repository that cannot be read is as old as its last complete reading, the others are fresh",
  { timeout: 120_000 },
  async () => {
    database = await createDatabase();
    const { sql } = database.store;
    setting = await syncSetting(database.store, { generate: { seed: 3, repositories: 2, pulls: 2, issues: 2 } });
    const { github, installationId, clock } = setting;
    github.simulation.clock.stop(new Date());
    const [bad] = github.simulation.organisation.repositories.values();
    if (!bad) throw new Error("no repository");
    const name = `acme/${bad.name}`;
    const facts = () => syncFacts(sql, installationId, clock.now());
    const pass = (seconds: number): void => github.simulation.clock.advance(seconds);
    const incremental = (sync: SyncSetting) => sync.sync("incremental", { options: { retryLaterMs: 0 } });

    await setting.sync("full");
    pass(2 * HOUR);
    await incremental(setting);
    pass(60);
    expect(await facts()).toMatchObject({ completeSeconds: 60, failing: [] });

    // Everything is read anew, and GitHub lets it be read no more; each later sync tries again.
    bad.blocked = "legal";
    const namedBy = ({ warnings }: SyncRun) => [...new Set(warnings.map(({ repository }) => repository))];
    expect(namedBy(await setting.sync("full", { options: { retryLaterMs: 0 } }))).toEqual([name]);
    pass(HOUR);
    for (let turn = 0; turn < 2; turn += 1) {
      expect(namedBy(await incremental(setting))).toEqual([name]);
      pass(HOUR);
    }
    expect(await facts()).toMatchObject({ completeSeconds: HOUR, failing: [{ name, seconds: 3 * HOUR }] });

    bad.blocked = null;
    expect(await incremental(setting)).toMatchObject({ status: "completed", warnings: [] });
    expect(await facts()).toMatchObject({ failing: [] });
    // What failed again was complete when it was read in between.
    pass(HOUR);
    bad.blocked = "legal";
    await setting.sync("full", { options: { retryLaterMs: 0 } });
    pass(HOUR);
    expect((await facts()).failing).toEqual([{ name, seconds: 2 * HOUR }]);
  },
);
