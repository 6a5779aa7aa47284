import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { RateLimitError } from "../../src/errors.js";
import { readRun } from "../../src/store/sync/runs.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import type { SyncOptions } from "../../src/sync/run/options.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { newRun, type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const Quota = z.object({ limit: z.number(), remaining: z.number() });
const ORGANISATION = {
  repositories: 5,
  pulls: 150,
  issues: 120,
  comments: 3,
  commits: 60,
  deployments: 2,
  releases: 2,
};

describe("a full sync against everything that goes wrong at once", () => {
  it("completes with no gap and no duplicate", { timeout: 240_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, {
      generate: { seed: 11, ...ORGANISATION },
      timeoutMs: 400,
      // The app does not know of these limits: it learns of them by being refused.
      github: {
        limits: { hour: 60, limits: { restPointsPerMinute: 6, graphqlPointsPerMinute: 6 } },
        tokenLifetimes: { installation: 3 },
      },
    });
    await setting.github.control.run("faults", {
      seed: 5,
      serverError: 0.08,
      badGatewayAboveNodes: 3_000,
      reset: 0.05,
      timeout: 0.03,
      freshTokenUnauthorizedMs: 50,
    });
    const run = await setting.sync("full");
    const { faults, callers } = await setting.github.control.run("counters", {});
    expect(Object.keys(faults)).toEqual(
      expect.arrayContaining([
        "badGatewayAboveNodes",
        "freshTokenUnauthorizedMs",
        "reset",
        "serverError",
        "timeout",
        "tokenExpired",
      ]),
    );
    const refused = Object.keys(callers[`installation ${setting.installationId}`]?.refused ?? {});
    expect(refused.filter((limit) => limit.endsWith("-per-minute"))).not.toEqual([]);
    expect(run).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
  });

  it.each(["badGatewayAboveNodes", "resourceLimitAboveNodes"] as const)(
    "reads whatever is larger than 1,500 nodes in smaller pieces (%s)",
    { timeout: 120_000 },
    async (fault) => {
      database = await createDatabase({ poolSize: 10 });
      const { store } = database;
      setting = await syncSetting(store, {
        generate: { seed: 45, repositories: 1, pulls: 120, issues: 120, comments: 1, commits: 5, deployments: 120 },
      });
      await setting.github.control.run("faults", { [fault]: 1_500 });
      expect(await setting.sync("full")).toMatchObject({ status: "completed", warnings: [] });
      expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
      const { faults } = await setting.github.control.run("counters", {});
      // Halves at once, and does not try the same again and again: pull requests, issues, statuses.
      expect(faults[fault]).toBeLessThan(20);
      expect(faults[fault]).toBeGreaterThanOrEqual(3);
    },
  );

  it("names a bad repository, continues, and reads it when it works again", { timeout: 120_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, { generate: { seed: 12, ...ORGANISATION } });
    const [bad] = setting.github.simulation.organisation.repositories.values();
    if (!bad) throw new Error("no repository");
    bad.blocked = "legal";
    const run = await setting.sync("full", { options: { retryLaterMs: 0 } });
    expect(run.status).toBe("completed-with-warnings");
    expect(new Set(run.warnings.map(({ repository }) => repository))).toEqual(new Set([`acme/${bad.name}`]));
    bad.blocked = null;
    expect(await setting.sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
  });
});

describe("a quota that is used up", () => {
  it("pauses the run, shows until when, and lets it resume by itself", { timeout: 120_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, { generate: { seed: 13, ...ORGANISATION }, github: { limits: { hour: 4 } } });
    // One call makes the quota known to the simulated GitHub; then nothing is left of it.
    await setting.options.client(setting.installationId).rest("GET /installation/repositories");
    await setting.github.control.run("remaining", { graphql: 0, rest: 0 });
    const { id } = await newRun(store, setting.installationId, "full", null, setting.clock.now());
    const started = runSync(setting.options, id, new AbortController().signal);
    const error = await started.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitError);
    const paused = await readRun(store.sql, id);
    expect(paused?.status).toBe("paused");
    const resumeAt = paused?.resume_at?.getTime() ?? 0;
    expect(resumeAt - Date.now()).toBeGreaterThan(0);
    expect(resumeAt - Date.now()).toBeLessThanOrEqual(5_000);
    const { callers } = await setting.github.control.run("counters", {});
    await wait(Math.max(0, resumeAt - Date.now() + 50));
    expect(await setting.sync("full")).toMatchObject({ id, status: "completed" });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
    expect(Object.keys(callers[`installation ${setting.installationId}`]?.refused ?? {})).toEqual(["primary-rest"]);
  });

  it("never uses the last quarter of the limit", { timeout: 120_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, {
      generate: { seed: 14, ...ORGANISATION },
      github: { limits: { hour: 6, limits: { graphqlPerHour: 20, restPerHour: 60 } } },
    });
    const { control } = setting.github;
    const name = `installation ${setting.installationId}`;
    const client = setting.options.client(setting.installationId);
    let lowest = 1;
    const watched: Partial<SyncOptions> = {
      client: () => ({
        ...client,
        async query(document, variables, schema) {
          const answer = await client.query(document, variables, schema);
          const { callers } = await control.run("counters", {});
          const { limit, remaining } = Quota.parse(callers[name]?.graphql);
          lowest = Math.min(lowest, remaining / limit);
          return answer;
        },
      }),
    };
    const run = await setting.sync("full", { options: watched });
    expect(run).toMatchObject({ status: "completed" });
    expect(run.paused_ms).toBeGreaterThan(0);
    expect(lowest).toBeGreaterThanOrEqual(0.25);
    expect(lowest).toBeLessThan(0.5);
    const { callers } = await control.run("counters", {});
    expect(callers[name]?.refused).toEqual({});
  });
});
