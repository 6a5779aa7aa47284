import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { readBudget } from "../../src/store/sync/budget-row.js";
import { endStalledRuns, readRun, takeRun } from "../../src/store/sync/runs.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import type { Task } from "./child.js";
import { differencesOf } from "./compare.js";
import { newRun, type SyncSetting, syncSetting, toTheEnd } from "./setting.js";
import { built } from "../support/built.js";

const directory = mkdtempSync(join(tmpdir(), "companyos-budget-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const ORGANISATION = {
  repositories: 8,
  pulls: 200,
  issues: 200,
  comments: 2,
  commits: 30,
  deployments: 2,
  releases: 1,
};

describe("one budget", () => {
  it("keeps two processes at once from every secondary limit", { timeout: 180_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store, url } = database;
    // The hour is short enough for the minute's limits to matter, and the limits are near.
    setting = await syncSetting(store, {
      generate: { seed: 31, ...ORGANISATION },
      github: { limits: { hour: 30, limits: { graphqlPointsPerMinute: 40, restPointsPerMinute: 40, concurrent: 5 } } },
      budget: { minuteMs: 500, pointsPerMinute: { graphql: 40, core: 40 } },
    });
    const { github, installationId, clock } = setting;
    await github.control.run("faults", { latencyMs: 15 });
    const full = await newRun(store, installationId, "full", null, clock.now());
    const spot = await newRun(store, installationId, "spot", "acme/repository-1", clock.now());
    const log = join(directory, "calls");
    const { url: apiUrl, graphqlUrl, appId, privateKey } = github;
    const task: Task = {
      databaseUrl: url,
      github: { url: apiUrl, graphqlUrl, appId, privateKey },
      runId: String(spot.id),
      log,
      kill: null,
      minuteMs: 500,
      pointsPerMinute: { graphql: 40, core: 40 },
    };
    // All that the other process shares with this one is the row.
    const child = fork(built("test/sync/child.ts"), [JSON.stringify(task)], {
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const ended = once(child, "exit");
    // It takes a while to start; from its first call on they are at it together.
    await expect.poll(() => existsSync(log), { timeout: 60_000, interval: 20 }).toBe(true);
    await toTheEnd(setting.options, full.id);
    expect(await ended).toEqual([0, null]);
    expect(await readRun(store.sql, full.id)).toMatchObject({ status: "completed", warnings: [] });
    expect(await readRun(store.sql, spot.id)).toMatchObject({ status: "completed", warnings: [] });
    expect((await readRun(store.sql, spot.id))?.finished_at?.getTime()).toBeGreaterThan(
      (await readRun(store.sql, full.id))?.started_at?.getTime() ?? Infinity,
    );
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    const { callers } = await github.control.run("counters", {});
    expect(callers[`installation ${installationId}`]?.refused).toEqual({});
    expect(callers[`installation ${installationId}`]?.maxConcurrent).toBeGreaterThan(1);
    expect((await readBudget(store, installationId, "graphql"))?.leases).toEqual([]);
  });

  it("lets a sync run where there are no limits", { timeout: 60_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, {
      generate: { seed: 32, ...ORGANISATION },
      github: { limits: { disabled: true } },
    });
    expect(await setting.sync("full")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
  });
});

describe("the watchdog", () => {
  it("ends a run that stores nothing, and its runner may write no more", { timeout: 60_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, { generate: { seed: 33, repositories: 1, pulls: 1, issues: 1 } });
    const { options, installationId, clock } = setting;
    const run = await newRun(store, installationId, "full", null, clock.now());
    let asked = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (asked = resolve));
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const client = options.client(installationId);
    const slow: typeof client = {
      ...client,
      async rest(route, parameters) {
        asked();
        await answered;
        return client.rest(route, parameters);
      },
    };
    const working = toTheEnd({ ...options, client: () => slow }, run.id).catch((error: unknown) => error);
    await hanging;
    const later = new Date(clock.now().getTime() + 3_600_000);
    expect(await endStalledRuns(store.sql, clock.now(), 900_000)).toEqual([]);
    expect(await endStalledRuns(store.sql, later, 900_000)).toMatchObject([{ id: run.id, status: "failed" }]);
    answer();
    expect(await working).toMatchObject({ name: "GoneError" });
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "failed", pages: 0 });
    expect(await takeRun(store.sql, run.id, "another", later)).toBeNull();
    expect(await store.prisma.repository.count()).toBe(0);
  });
});
