import { afterEach, describe, expect, it } from "vitest";
import { GoneError } from "../../src/errors.js";
import type { GitHubClient } from "../../src/github/client.js";
import { settleRead } from "../../src/store/drift/sync-instead.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

async function scene() {
  database = await createDatabase({ poolSize: 6 });
  const { store } = database;
  setting = await syncSetting(store, { generate: { seed: 91, repositories: 2, pulls: 4, issues: 4, commits: 3 } });
  const { github, sync } = setting;
  github.simulation.clock.advance(3_600);
  await sync("full");
  const [home] = github.simulation.organisation.repositories.values();
  if (!home) throw new Error("there is no repository");
  return {
    ...setting,
    store,
    repository: `acme/${home.name}`,
    /** Rows of runs that were about one thing, as `entity status`. */
    own: async () =>
      (
        await store.sql.query(
          "SELECT entity || ' ' || status AS left FROM sync_cursors WHERE lane LIKE '% %' ORDER BY 1",
        )
      ).map((row) => row["left"]),
    rows: async () => (await store.sql.query("SELECT count(*)::int AS n FROM sync_cursors"))[0]?.["n"],
  };
}

/** The client, which notes what is asked, and has no answer to some of it. */
function watched(client: GitHubClient, asked: string[], fails?: string): GitHubClient {
  const note = (what: string): void => {
    asked.push(what);
    if (what === fails) throw new GoneError("gone for now");
  };
  return {
    ...client,
    async rest(route, parameters) {
      note(route);
      return client.rest(route, parameters);
    },
    async query(document, variables, schema) {
      note(document.name);
      return client.query(document, variables, schema);
    },
  };
}

describe("runs of one subject", () => {
  it("leave no cursors behind, however many there are", { timeout: 60_000 }, async () => {
    const { sync, repository, own, rows } = await scene();
    const counts: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const subject of [repository, `${repository}#1`])
        expect(await sync("spot", { subject })).toMatchObject({ status: "completed", warnings: [] });
      expect(await sync("full", { subject: repository })).toMatchObject({ status: "completed", warnings: [] });
      expect(await own()).toEqual([]);
      counts.push(await rows());
    }
    expect(new Set(counts).size).toBe(1);
  });

  it("leave the head that they read to, which is not read again", { timeout: 60_000 }, async () => {
    const { sync, repository, github, options, installationId, store, clock } = await scene();
    for (const round of [1, 2]) {
      await github.control.apply("push", { repository, commits: [{ message: `pushed ${round}` }] });
      await sync("spot", { subject: repository });
      const asked: string[] = [];
      const client = watched(options.client(installationId), asked);
      await sync("incremental", { options: { client: () => client } });
      expect(asked.filter((what) => what.includes("/compare/") || what === "GET_COMMIT_DETAILS")).toEqual([]);
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    }
    const [kept] = await store.sql.query(
      "SELECT max(watermark) AS at FROM sync_cursors WHERE lane = 'kept' AND entity = 'commits'",
    );
    expect(kept?.["at"]).toBeInstanceOf(Date);
    expect(clock.now().getTime() - new Date(String(kept?.["at"])).getTime()).toBeLessThan(60_000);
  });

  it("keep unread lists until another run has read them", { timeout: 60_000 }, async () => {
    const { sync, repository, own, options, installationId } = await scene();
    const client = watched(options.client(installationId), [], "GET_REPOSITORY_ISSUES");
    const failing = { client: () => client, retryLaterMs: 0 };
    const run = await sync("spot", { subject: repository, options: failing });
    expect(run).toMatchObject({ status: "completed-with-warnings", warnings: [{ entity: "issues" }] });
    expect(await own()).toEqual(["issues failed"]);
    // It fails again: since when, its first row says.
    expect(await sync("incremental", { options: failing })).toMatchObject({ status: "completed-with-warnings" });
    expect(await own()).toEqual(["issues handed-on"]);
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await own()).toEqual([]);
  });

  it("keep the reason for not reading until its requester knows it", { timeout: 60_000 }, async () => {
    const { sync, repository, own, store, installationId, github } = await scene();
    const { clock } = github.simulation;
    const deniedReason = (name: string) => (name === repository ? "denied" : null);
    const run = await sync("spot", { subject: repository, options: { deniedReason } });
    expect(run).toMatchObject({ status: "cancelled" });
    // Whoever asked for the run may note its number only now.
    expect(await own()).toEqual(["subject excluded"]);
    const lose = `INSERT INTO drift_ledger (guid, installation_id, event, cause, status_code, detail, attempt_id, lost_at,
      found_at, status, sync_run_id) VALUES ('lost', $1, 'issues', 'not-delivered', 500, '', 1, $2, $2, 'syncing', $3)`;
    await store.sql.query(lose, [installationId, clock.now(), run.id]);
    clock.advance(7_200);
    await sync("incremental");
    expect(await own()).toEqual(["subject excluded"]);
    await settleRead(store.sql);
    expect(await store.sql.query("SELECT status FROM drift_ledger")).toEqual([{ status: "given-up" }]);
    await sync("incremental");
    expect(await own()).toEqual([]);
  });
});
