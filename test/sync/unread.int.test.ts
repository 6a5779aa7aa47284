import { afterEach, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import { GoneError } from "../../src/errors.js";
import type { GitHubClient } from "../../src/github/client.js";
import { addCursors, giveUpCursors, nextCursors } from "../../src/store/sync/cursors.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  setting = undefined;
  await database?.drop();
});

const COMMENTS = "GET /repos/{owner}/{repo}/issues/comments";

/** The client, but for some pages of the repository's comments. */
function failing(client: GitHubClient, fails: (nth: number) => Error | null): GitHubClient {
  let asked = 0;
  return {
    ...client,
    async rest(route, parameters) {
      const error = route === COMMENTS ? fails((asked += 1)) : null;
      if (error) throw error;
      return client.rest(route, parameters);
    },
  };
}

async function scene(comments: number) {
  database = await createDatabase({ poolSize: 6 });
  const { store } = database;
  const made = await syncSetting(store, {
    generate: { seed: 31, repositories: 1, pulls: 4, issues: 60, comments, commits: 1 },
  });
  setting = made;
  const { organisation, clock } = made.github.simulation;
  clock.advance(3_600);
  const [home] = organisation.repositories.values();
  if (!home) throw new Error("there is no repository");
  return {
    ...made,
    differences: () => differencesOf(made.github, store.sql, made.installationId),
    /** Somebody comments, and nobody tells. */
    comment() {
      clock.advance(300);
      const number = [...home.issues.keys()][0] ?? 0;
      apply(organisation, "addComment", { repository: `acme/${home.name}`, number, body: "new" });
      drain(organisation);
      clock.advance(1);
    },
  };
}

describe("comments that wait to be read from their beginning", () => {
  it("are read completely when people comment meanwhile", { timeout: 60_000 }, async () => {
    const { sync, options, installationId, differences, comment } = await scene(2);
    const client = failing(options.client(installationId), () => new GoneError("gone for now"));
    const refused = { client: () => client, retryLaterMs: 0 };
    expect(await sync("full", { options: refused })).toMatchObject({ warnings: [{ entity: "comments" }] });
    // An hour is to go by before they are tried again.
    expect(await sync("incremental", { options: { client: () => client } })).toMatchObject({
      warnings: [{ entity: "comments" }],
    });
    comment();
    expect(await sync("incremental")).toMatchObject({ warnings: [] });
    expect(await differences()).toEqual([]);
  });

  it("keep their position, however often people comment", { timeout: 120_000 }, async () => {
    const { sync, options, installationId, differences, comment } = await scene(12);
    /** Two pages, and then nothing for an hour. */
    const client = (pages: number) =>
      failing(options.client(installationId), (nth) => (nth > pages ? new GoneError("gone for now") : null));
    const refused = client(0);
    await sync("full", { options: { client: () => refused, retryLaterMs: 0 } });
    let runs = 0;
    for (let left = true; left && runs < 10; runs += 1) {
      comment();
      const some = client(2);
      left = (await sync("incremental", { options: { client: () => some } })).warnings.length > 0;
    }
    expect(runs).toBeGreaterThan(2);
    expect(runs).toBeLessThan(10);
    expect(await differences()).toEqual([]);
  });
});

const early = new Date("2026-01-01T00:00:00Z");
const late = new Date("2026-01-02T00:00:00Z");
const X = 7;

describe("a run that takes over unread lists of another", () => {
  const cases = [
    ["pull_requests", null, late, null],
    ["issues", early, late, early],
    ["issues", late, early, early],
    ["comments", early, null, null],
    ["deployments", early, late, null],
  ] as const;
  it.each(cases)("%s since %j, now to be read since %j", async (entity, before, since, expected) => {
    database = await createDatabase();
    const { sql } = database.store;
    const run = (id: bigint) => ({ id, installationId: 1n, lane: "incremental" });
    const list = { repositoryId: X, entity, position: 0, total: null };
    await addCursors(sql, run(1n), [{ ...list, since: before, cursor: "somewhere" }]);
    await giveUpCursors(sql, 1n, late);
    await addCursors(sql, run(2n), [{ ...list, since }]);
    expect(await nextCursors(sql, 2n, late, 10)).toMatchObject([{ entity, since: expected, cursor: null }]);
  });

  it("takes over nothing after it was read", async () => {
    database = await createDatabase();
    const { sql } = database.store;
    const run = (id: bigint) => ({ id, installationId: 1n, lane: "incremental" });
    const list = { repositoryId: X, entity: "issues", position: 0 };
    await addCursors(sql, run(1n), [{ ...list, since: null, total: 0 }]);
    await addCursors(sql, run(2n), [{ ...list, since: late, total: null }]);
    expect(await nextCursors(sql, 2n, late, 10)).toMatchObject([{ since: late }]);
  });
});
