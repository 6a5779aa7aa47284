import { afterEach, describe, expect, it } from "vitest";
import { AuthenticationError, GoneError, InvalidError, RateLimitError } from "../../src/errors.js";
import type { GitHubClient } from "../../src/github/client.js";
import { giveUpCursors } from "../../src/store/sync/cursors.js";
import { endStalledRuns, readRun, takeRun } from "../../src/store/sync/runs.js";
import { requestSync } from "../../src/jobs/sync/request-sync.js";
import { SYNC_SCHEDULES } from "../../src/jobs/sync/schedules.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { newRun, type SyncSetting, syncSetting, toTheEnd } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const ORGANISATION = {
  repositories: 4,
  pulls: 400,
  issues: 60,
  comments: 2,
  commits: 10,
  deployments: 2,
  releases: 1,
};
const { signal } = new AbortController();
const CHANGES = 40;

async function organisation(seed: number, generate: Partial<typeof ORGANISATION> = {}) {
  database = await createDatabase({ poolSize: 10 });
  const { store } = database;
  setting = await syncSetting(store, { generate: { ...ORGANISATION, ...generate, seed } });
  // What changed a moment ago is read once more: a version is a whole second.
  setting.github.simulation.clock.advance(7_200);
  return { store, ...setting };
}

/** The client, but for the calls that `fails` gives an error for: the route or the name of the query, and how often it was asked. */
function failing(client: GitHubClient, fails: (what: string, nth: number) => Error | null): GitHubClient {
  const asked = new Map<string, number>();
  const check = (what: string): void => {
    const nth = (asked.get(what) ?? 0) + 1;
    asked.set(what, nth);
    const error = fails(what, nth);
    if (error) throw error;
  };
  return {
    ...client,
    async rest(route, parameters) {
      check(route);
      return client.rest(route, parameters);
    },
    async query(document, variables, schema) {
      check(document.name);
      return client.query(document, variables, schema);
    },
  };
}

/** The budget keeps to it too: for a moment nobody may call. */
const usedUp = (): RateLimitError => new RateLimitError("The quota is used up", new Date(Date.now() + 300));

describe("an incremental sync beside a full one that is not done", () => {
  it("leaves unreached lists to it, and reads changes behind them", { timeout: 180_000 }, async () => {
    const { store, options, installationId, clock, github, sync } = await organisation(51);
    const client = options.client(installationId);
    const full = await newRun(store, installationId, "full", null, clock.now());
    const stopped = failing(client, (what, nth) => (what === "GET_REPOSITORY_WITH_PRS" && nth > 2 ? usedUp() : null));
    await expect(runSync({ ...options, client: () => stopped }, full.id, signal)).rejects.toThrow("used up");
    const before = await readRun(store.sql, full.id);
    expect(before).toMatchObject({ status: "paused" });
    expect(before?.rows_written).toBeGreaterThan(0);

    await github.control.run("random", { seed: 9, count: CHANGES });
    const beside = await sync("incremental");
    expect(beside.status).toBe("completed");
    const [lists] = await store.sql.query(
      `SELECT count(*)::int AS awaited, count(own.run_id)::int AS twice FROM sync_cursors f
       LEFT JOIN sync_cursors own ON own.run_id = $2 AND own.repository_id = f.repository_id AND f.entity =
         CASE own.entity WHEN 'pull_request_ids' THEN 'pull_requests' WHEN 'issue_ids' THEN 'issues'
           WHEN 'comments' THEN NULL ELSE own.entity END
       WHERE f.run_id = $1 AND f.status = 'pending'`,
      [full.id, beside.id],
    );
    expect(lists?.["twice"]).toBe(0);
    expect(lists?.["awaited"]).toBeGreaterThan(3);

    const done = await sync("full");
    expect(done).toMatchObject({ id: full.id, status: "completed", warnings: [] });
    await sync("incremental");
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);

    // The same organisation in one go, by itself.
    const alone = await sync("full");
    expect(done.points + beside.points).toBeLessThanOrEqual(alone.points * 1.4);
    expect(done.requests).toBeLessThanOrEqual(alone.requests * 1.3);
    // What it always asks, and one for each change at the most.
    expect(beside.requests).toBeLessThanOrEqual(12 + CHANGES);
  });
});

describe("after a downtime", () => {
  const watchdog = SYNC_SCHEDULES.find(({ name }) => name === "sync-watchdog");
  const wake = (): Promise<void> => Promise.resolve();

  it(
    "a run whose job returns continues; one without a job, or with a hanging one, is ended",
    { timeout: 60_000 },
    async () => {
      const { store, options, installationId, clock, github } = await organisation(52, {
        repositories: 1,
        pulls: 1,
        issues: 1,
      });
      const { run } = await requestSync(options, {
        installationId,
        mode: "full",
        subject: null,
        requestedBy: "a test",
      });
      await takeRun(store.sql, run.id, "the process that was stopped", clock.now());
      const lease = (from: number, until: number): Promise<unknown> =>
        store.sql.query("UPDATE jobs SET status = 'running', started_at = $1, locked_until = $2", [
          new Date(clock.now().getTime() + from),
          new Date(clock.now().getTime() + until),
        ]);
      github.simulation.clock.advance(20 * 60);
      const MINUTE = 60_000;
      const looks = async (): Promise<unknown> => {
        await watchdog?.run({ ...options, wake });
        return (await readRun(store.sql, run.id))?.status;
      };
      // It waits to be claimed; it was running and its process is gone; it has just been claimed.
      expect(await looks()).toBe("running");
      await lease(-20 * MINUTE, -19 * MINUTE);
      expect(await looks()).toBe("running");
      await lease(-1_000, MINUTE);
      expect(await looks()).toBe("running");
      // Its process lives and has stored nothing for twenty minutes.
      await lease(-20 * MINUTE, MINUTE);
      expect(await looks()).toBe("failed");
    },
  );

  it("a long-expired pause does not end a run that a job waits for", { timeout: 60_000 }, async () => {
    const { store, options, installationId, clock, github } = await organisation(53, {
      repositories: 1,
      pulls: 1,
      issues: 1,
    });
    const { run } = await requestSync(options, { installationId, mode: "full", subject: null, requestedBy: "a test" });
    await store.sql.query("UPDATE sync_runs SET status = 'paused', resume_at = $1", [clock.now()]);
    github.simulation.clock.advance(3_600);
    expect(await endStalledRuns(store.sql, clock.now(), 900_000)).toEqual([]);
    await store.sql.query("UPDATE jobs SET status = 'failed'");
    expect(await endStalledRuns(store.sql, clock.now(), 900_000)).toMatchObject([{ id: run.id, status: "failed" }]);
  });
});

describe("the unread rest of a failed full sync", () => {
  /** Fails for good in the middle of something; the incremental sync after it makes up for the rest. */
  async function failedIn(what: string, from: number) {
    const made = await organisation(54);
    const { store, options, installationId, clock } = made;
    const client = failing(options.client(installationId), (asked, nth) =>
      asked === what && nth >= from ? new GoneError("gone for now") : null,
    );
    const run = await newRun(store, installationId, "full", null, clock.now());
    const stopped: typeof options = { ...options, client: () => client, retryLaterMs: 0 };
    return { ...made, run, stopped };
  }

  it("is read from where each list stood", { timeout: 180_000 }, async () => {
    const { store, options, installationId, github, clock, sync } = await organisation(55, {
      repositories: 1,
      pulls: 500,
    });
    const client = options.client(installationId);
    const run = await newRun(store, installationId, "full", null, clock.now());
    const stopped = failing(client, (what, nth) => (what === "GET_REPOSITORY_WITH_PRS" && nth > 4 ? usedUp() : null));
    await expect(runSync({ ...options, client: () => stopped }, run.id, signal)).rejects.toThrow("used up");
    await store.sql.query("UPDATE sync_runs SET status = 'failed', finished_at = now()");
    await giveUpCursors(store.sql, run.id, clock.now());

    const asked: string[] = [];
    const counted = failing(client, (what) => (asked.push(what), null));
    expect(await sync("incremental", { options: { client: () => counted } })).toMatchObject({ status: "completed" });
    expect(asked.filter((what) => what === "GET_REPOSITORY_WITH_PRS")).toHaveLength(1);
    expect(asked.filter((what) => what.startsWith("LIST_"))).toEqual([]);
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it("is read too where the list of repositories itself was cut short", { timeout: 180_000 }, async () => {
    const { store, installationId, github, run, stopped, sync } = await failedIn("GET_ORG_REPOSITORIES", 1);
    await expect(runSync(stopped, run.id, signal)).rejects.toThrow("gone for now");
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "failed" });
    expect(await store.prisma.pullRequest.count()).toBe(0);
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it("hides nothing from later syncs when an earlier list failed", { timeout: 180_000 }, async () => {
    const LIST = "GET /installation/repositories";
    const { store, options, installationId, github, clock, sync } = await organisation(58, { pulls: 40 });
    expect(await sync("full")).toMatchObject({ status: "completed" });
    const failed = failing(options.client(installationId), (what) =>
      what === LIST ? new InvalidError("broken") : null,
    );
    const run = await newRun(store, installationId, "full", null, clock.now());
    await expect(runSync({ ...options, client: () => failed }, run.id, signal)).rejects.toThrow("broken");
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "failed" });

    await github.control.apply("createRepository", { repository: "acme/another" });
    await github.control.run("random", { seed: 4, count: 120 });
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });
});

it("keeps a given-up list when the run resumes after a pause", { timeout: 120_000 }, async () => {
  const { store, options, installationId, github, clock, sync } = await organisation(56);
  expect(await sync("full")).toMatchObject({ status: "completed" });
  await github.control.run("random", { seed: 3, count: 200 });
  const COMMENTS = "GET /repos/{owner}/{repo}/issues/comments";
  const client = failing(options.client(installationId), (what, nth) => {
    if (what !== COMMENTS || nth > 2) return null;
    return nth === 1 ? new GoneError("unavailable") : new RateLimitError("used up", new Date(Date.now() + 100));
  });
  const run = await newRun(store, installationId, "incremental", null, clock.now());
  await toTheEnd({ ...options, client: () => client, retryLaterMs: 50 }, run.id);
  expect(await readRun(store.sql, run.id)).toMatchObject({
    status: "completed-with-warnings",
    warnings: [{ entity: "comments", reason: "unavailable" }],
  });
  expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
  expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
});

it("a failure of the account's own list pauses the run until its job's next attempt", { timeout: 60_000 }, async () => {
  const { store, options, installationId, clock } = await organisation(57, { repositories: 2, pulls: 4, issues: 4 });
  const refusing = failing(options.client(installationId), (what) =>
    what === "GET_ORG_REPOSITORIES" ? new AuthenticationError("refused") : null,
  );
  const refused = { ...options, client: () => refusing };
  const run = await newRun(store, installationId, "full", null, clock.now());
  await expect(runSync(refused, run.id, signal, { attempt: 1, maxAttempts: 3 })).rejects.toThrow("refused");
  const paused = await readRun(store.sql, run.id);
  expect(paused).toMatchObject({ status: "paused", reason: "refused" });
  expect(paused?.resume_at?.getTime()).toBeGreaterThan(clock.now().getTime());
  expect(await runSync(options, run.id, signal, { attempt: 2, maxAttempts: 3 })).toMatchObject({ status: "done" });
  expect(await readRun(store.sql, run.id)).toMatchObject({ status: "completed", warnings: [] });

  const last = await newRun(store, installationId, "full", null, clock.now());
  await expect(runSync(refused, last.id, signal, { attempt: 3, maxAttempts: 3 })).rejects.toThrow("refused");
  expect(await readRun(store.sql, last.id)).toMatchObject({ status: "failed", reason: "refused" });
});
