import { afterEach, describe, expect, it } from "vitest";
import { installationRepositories } from "../../src/handlers/installation-repositories.js";
import { giveUpCursors } from "../../src/store/sync/cursors.js";
import { readRun } from "../../src/store/sync/runs.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { newRun, type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const { signal } = new AbortController();
const GENERATED = {
  seed: 61,
  repositories: 3,
  pulls: 12,
  issues: 9,
  comments: 1,
  commits: 3,
  deployments: 1,
  releases: 1,
};

async function organisation() {
  database = await createDatabase({ poolSize: 10 });
  setting = await syncSetting(database.store, { generate: GENERATED });
  setting.github.simulation.clock.advance(7_200);
  const names = [...setting.github.simulation.organisation.repositories.values()].map(({ name }) => `acme/${name}`);
  return { store: database.store, names, ...setting };
}

describe("repositories that are added", () => {
  it("of one delivery are one full sync, however many they are", () => {
    const added = Array.from({ length: 100 }, (_, index) => `acme/a-repository-with-a-long-name-${index}`);
    const named = { id: 1, node_id: "R_1", private: false };
    const payload = {
      action: "added",
      installation: {
        id: 7,
        account: { login: "acme", id: 1, type: "Organization" },
        updated_at: "2026-01-01T00:00:00Z",
        suspended_at: null,
        repository_selection: "selected",
        permissions: {},
        events: [],
      },
      repositories_added: added.map((full_name) => ({ ...named, name: full_name.slice(5), full_name })),
      repositories_removed: [],
      sender: { login: "someone", id: 2, type: "User" },
    };
    expect(installationRepositories.read(payload).jobs).toEqual([
      { name: "access", payload: { installationId: 7 } },
      { name: "sync", payload: { installationId: 7, mode: "full", subject: added.join(" ") } },
    ]);
  });

  it("are read completely; repositories deleted meanwhile block nothing", { timeout: 60_000 }, async () => {
    const { store, names, github, options, installationId, clock } = await organisation();
    const run = await newRun(store, installationId, "full", ["acme/gone", ...names].join(" "), clock.now());
    expect(await runSync(options, run.id, signal)).toMatchObject({ status: "done" });
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });
});

describe("the last quarter of the quota", () => {
  /** A fifth is left of one quota, and all of the other. */
  async function lowOn(resource: "core" | "graphql") {
    const made = await organisation();
    await made.store.sql.query(
      `INSERT INTO rate_budgets (installation_id, resource, quota_limit, remaining, reset_at) VALUES ($1, $2, 1000000, 200000, $3)`,
      [made.installationId, resource, new Date(Date.now() + 3_600_000)],
    );
    const asked = { core: 0, graphql: 0 };
    const client = made.options.client(made.installationId);
    const counted: typeof client = {
      ...client,
      rest: (route, parameters) => ((asked.core += 1), client.rest(route, parameters)),
      query: (document, variables, schema) => ((asked.graphql += 1), client.query(document, variables, schema)),
    };
    return { ...made, asked, options: { ...made.options, client: () => counted } };
  }

  it("is not for repositories that were added, by REST", { timeout: 60_000 }, async () => {
    const { store, names, options, installationId, clock, asked } = await lowOn("core");
    const run = await newRun(store, installationId, "full", names.join(" "), clock.now());
    await expect(runSync(options, run.id, signal)).rejects.toThrow(
      "share of the REST rate limit for full calls is used up",
    );
    expect(asked.core).toBe(0);
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "paused" });
  });

  it("is not for a repository that is read as a whole, by GraphQL", { timeout: 60_000 }, async () => {
    const { store, names, options, installationId, clock, asked } = await lowOn("graphql");
    for (const mode of ["full", "spot"] as const) {
      const run = await newRun(store, installationId, mode, names[0] ?? "", clock.now());
      await expect(runSync(options, run.id, signal)).rejects.toThrow(
        "share of the GraphQL rate limit for full calls is used up",
      );
      expect(await readRun(store.sql, run.id)).toMatchObject({ status: "paused" });
    }
    expect(asked.graphql).toBe(0);
  });

  it("does not wait for the rest of a full sync, nor delay changes", { timeout: 90_000 }, async () => {
    const { store, options, installationId, clock, github, sync } = await lowOn("graphql");
    await store.sql.query("DELETE FROM rate_budgets");
    const full = await newRun(store, installationId, "full", null, clock.now());
    await runSync(options, full.id, signal);
    await store.sql.query(
      "UPDATE sync_cursors SET status = 'pending', cursor = NULL WHERE run_id = $1 AND entity = 'pull_requests'",
      [full.id],
    );
    await giveUpCursors(store.sql, full.id, clock.now());
    // A later window than any that this GitHub speaks of: what it says of its own is old.
    await store.sql.query(
      "UPDATE rate_budgets SET quota_limit = 1000000, remaining = 200000, reset_at = $1 WHERE resource = 'graphql'",
      [new Date(Date.now() + 3 * 3_600_000)],
    );
    const run = await newRun(store, installationId, "incremental", null, clock.now());
    expect(await runSync(options, run.id, signal)).toMatchObject({ status: "done" });
    const ended = await readRun(store.sql, run.id);
    expect(ended?.status).toBe("completed-with-warnings");
    expect(new Set(ended?.warnings.map(({ entity }) => entity))).toEqual(new Set(["pull_requests"]));
    expect(ended?.points).toBeGreaterThan(0);
    // When the quota is full again they are read.
    await store.sql.query("DELETE FROM rate_budgets");
    await store.sql.query("UPDATE sync_cursors SET retry_at = $1 WHERE status = 'failed'", [clock.now()]);
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });
});
