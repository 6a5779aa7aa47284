import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

/** What is under way when the list of work is read is stored, and has found more, before the list arrives. */
function withSlowList(store: Store): Store {
  return {
    ...store,
    sql: {
      ...store.sql,
      query: async (text, values, name) => {
        const rows = await store.sql.query(text, values, name);
        if (name === "sync-next-cursors") await sleep(400);
        return rows;
      },
    },
  };
}

describe("a sync whose list of cursors arrives late", () => {
  it("ends when no work is left, and not before", { timeout: 180_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    const made = await syncSetting(store, {
      generate: {
        seed: 61,
        repositories: 3,
        pulls: 10,
        issues: 10,
        comments: 2,
        commits: 5,
        deployments: 2,
        releases: 1,
      },
    });
    setting = made;
    const { github, sync, installationId } = made;
    github.simulation.clock.advance(60);
    const options = { store: withSlowList(store) };
    expect(await sync("full", { options })).toMatchObject({ status: "completed", warnings: [] });
    await github.control.run("random", { seed: 7, count: 60 });
    expect(await sync("incremental", { options })).toMatchObject({ status: "completed", warnings: [] });
    expect(await store.sql.query("SELECT entity, status, error FROM sync_cursors WHERE status <> 'done'", [])).toEqual(
      [],
    );
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });
});
