import { afterEach, describe, expect, it } from "vitest";
import type { RunningGitHub } from "../../simulator/start.js";
import { fullName } from "../../simulator/organisation/repository.js";
import { RateLimitError } from "../../src/errors.js";
import { settleRead } from "../../src/store/drift/sync-instead.js";
import type { SyncRun } from "../../src/store/sync/runs.js";
import type { Store } from "../../src/store/store.js";
import type { SyncOptions } from "../../src/sync/run/options.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const DENIED = "acme/repository-2";
const deniedReason: SyncOptions["deniedReason"] = (repository) =>
  repository === DENIED ? "the organisation denies it" : null;
const MIRRORED = ["pull_requests", "issues", "issue_comments", "commits", "deployments", "releases"] as const;

async function prepared(repositories: number, seed: number, each = 1) {
  database = await createDatabase({ poolSize: 10 });
  const { store } = database;
  const made = await syncSetting(store, {
    generate: {
      seed,
      repositories,
      pulls: 12 * each,
      issues: 12 * each,
      comments: each,
      commits: 3,
      deployments: each,
      releases: each,
    },
  });
  setting = made;
  const names = [...made.github.simulation.organisation.repositories.values()].map(fullName);
  return { store, names, ...made };
}

/** How many rows of a repository are stored, by its name at GitHub. */
async function rowsOf({ sql }: Store, github: RunningGitHub, name: string): Promise<number> {
  const id = github.simulation.organisation.byName.get(name.toLowerCase())?.id;
  let rows = 0;
  for (const table of MIRRORED) {
    const [row] = await sql.query(`SELECT count(*)::int AS n FROM ${table} WHERE repository_id = $1`, [id]);
    rows += Number(row?.["n"]);
  }
  return rows;
}

async function visible({ sql }: Store): Promise<readonly unknown[]> {
  const rows = await sql.query(
    "SELECT full_name FROM repositories WHERE access_removed_at IS NULL AND deleted_at IS NULL ORDER BY 1",
  );
  return rows.map((row) => row["full_name"]);
}

/** A row as `installation_repositories` leaves one: nothing but a name. */
async function nameOnly({ store, installationId, github }: SyncSetting & { readonly store: Store }, name: string) {
  const id = github.simulation.organisation.byName.get(name.toLowerCase())?.id ?? 0;
  await store.prisma.repository.create({
    data: {
      id,
      installation_id: installationId,
      full_name: name,
      name: name.slice("acme/".length),
      owner_login: "acme",
      updated_at: new Date(0),
      content_hash: "",
    },
  });
  return id;
}

/** A lost delivery that a run reads in place of. */
async function lossOf({ store, installationId }: SyncSetting & { readonly store: Store }, { id }: SyncRun) {
  const at = new Date();
  await store.prisma.driftEntry.create({
    data: {
      guid: "lost",
      installation_id: installationId,
      event: "issues",
      cause: "timeout",
      status_code: 0,
      detail: "",
      attempt_id: 1,
      lost_at: at,
      found_at: at,
      status: "syncing",
      sync_run_id: id,
    },
  });
}

describe("a repository that the account denies", () => {
  it("is not read by a spot sync, of itself or of an issue of it", { timeout: 60_000 }, async () => {
    const made = await prepared(3, 51);
    const { store, sync, github, options } = made;
    await nameOnly(made, DENIED);
    const asked: string[] = [];
    const client = options.client(made.installationId);
    const watched: Partial<SyncOptions> = {
      deniedReason,
      client: () => ({ ...client, rest: (route, parameters) => (asked.push(route), client.rest(route, parameters)) }),
    };
    for (const subject of [DENIED, `${DENIED}#1`]) {
      const run = await sync("spot", { subject, options: watched });
      expect(run).toMatchObject({ status: "cancelled", warnings: [] });
      expect(run.reason).toContain("excluded by the allow or deny list");
    }
    // Renamed since, it is answered under another name.
    await github.control.apply("renameRepository", { repository: "acme/repository-3", name: "allowed" });
    await github.control.apply("renameRepository", { repository: DENIED, name: "old" });
    await github.control.apply("renameRepository", { repository: "acme/old", name: "repository-2" });
    expect(await sync("spot", { subject: "acme/old", options: watched })).toMatchObject({ status: "cancelled" });
    expect(asked).toEqual(["GET /repos/{owner}/{repo}"]);
    await lossOf(made, await sync("spot", { subject: DENIED, options: watched }));
    expect(await settleRead(store.sql)).toBe(0);
    const losses = await store.sql.query("SELECT status, reason FROM drift_ledger");
    expect(losses).toEqual([{ status: "given-up", reason: `${DENIED} is excluded by the allow or deny list` }]);
    expect(await rowsOf(store, github, DENIED)).toBe(0);
  });

  it.each(["full", "incremental", "reconcile"] as const)(
    "is excluded by its present name, even if only a sync shows it (%s)",
    { timeout: 60_000 },
    async (mode) => {
      const { store, sync, github } = await prepared(3, 54);
      expect(await sync("full")).toMatchObject({ status: "completed" });
      await github.control.apply("renameRepository", { repository: DENIED, name: "old" });
      await github.control.apply("renameRepository", { repository: "acme/repository-3", name: "repository-2" });
      expect(await sync(mode, { options: { deniedReason } })).toMatchObject({ status: "completed" });
      const names = await store.sql.query("SELECT full_name FROM repositories ORDER BY full_name");
      expect(names.map((row) => row["full_name"])).toEqual(["acme/old", "acme/repository-1", DENIED]);
    },
  );

  it("is excluded from work that was planned before it was denied", { timeout: 60_000 }, async () => {
    const { store, sync, github } = await prepared(3, 52);
    const repository = github.simulation.organisation.byName.get(DENIED);
    if (!repository) throw new Error("no repository");
    repository.blocked = "legal";
    expect(await sync("full", { options: { retryLaterMs: 0 } })).toMatchObject({ status: "completed-with-warnings" });
    repository.blocked = null;
    const run = await sync("incremental", { options: { deniedReason } });
    expect(run).toMatchObject({ status: "completed", warnings: [] });
    expect(await rowsOf(store, github, DENIED)).toBe(0);
    const left = await store.sql.query("SELECT DISTINCT error FROM sync_cursors WHERE status = 'excluded'");
    expect(left).toEqual([{ error: `${DENIED} is excluded by the allow or deny list` }]);
    // Nothing is left to be tried again.
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
  });
});

describe("a public repository that was not selected", () => {
  it("is neither mirrored nor kept", { timeout: 120_000 }, async () => {
    const { store, sync, github, installationId, names } = await prepared(4, 53);
    const { control } = github;
    const [first = "", second = "", third = "", fourth = ""] = names;
    const installation = Number(installationId);
    for (const repository of names) await control.apply("setVisibility", { repository, visibility: "public" });
    await control.apply("removeRepositories", { installation, repositories: [third, fourth] });
    expect(await sync("full")).toMatchObject({ status: "completed", warnings: [] });
    for (const mode of ["incremental", "reconcile"] as const) {
      for (const repository of names) await control.apply("openIssue", { repository, title: mode, labels: ["bug"] });
      expect(await sync(mode)).toMatchObject({ status: "completed", warnings: [] });
      expect(await visible(store)).toEqual([first, second]);
    }
    const spot = await sync("spot", { subject: third });
    expect(spot.status).toBe("cancelled");
    expect(spot.reason).toContain("has no access to");
    expect((await rowsOf(store, github, third)) + (await rowsOf(store, github, fourth))).toBe(0);

    // Deselected, without a word: it is hidden, however much moves in it.
    await control.apply("removeRepositories", { installation, repositories: [second] });
    await control.apply("editRepository", { repository: second, description: "for everybody" });
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await visible(store)).toEqual([first]);
    // Selected again, with another: everything of both is read.
    await control.apply("addRepositories", { installation, repositories: [second, third] });
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await visible(store)).toEqual([first, second, third]);
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    await control.apply("removeRepositories", { installation, repositories: [first] });
    await control.apply("addRepositories", { installation, repositories: [fourth] });
    expect(await sync("reconcile")).toMatchObject({ status: "completed", warnings: [] });
    expect(await visible(store)).toEqual([second, third, fourth]);
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it("is distinguished from one that a page of the list missed", { timeout: 120_000 }, async () => {
    const { store, sync, github, installationId, names, options } = await prepared(105, 54, 0);
    expect(await sync("full")).toMatchObject({ status: "completed" });
    await github.control.apply("setVisibility", { repository: names[104] ?? "", visibility: "public" });
    await github.control.apply("removeRepositories", {
      installation: Number(installationId),
      repositories: [names[104] ?? ""],
    });
    const client = options.client(installationId);
    let lists = 0;
    // One of the first page is deleted when that page has been read: the first of the second page moves into it.
    const shifting: typeof client = {
      ...client,
      async rest(route, parameters) {
        const answer = await client.rest(route, parameters);
        if (route === "GET /installation/repositories" && (lists += 1) === 1)
          await github.control.apply("deleteRepository", { repository: names[5] ?? "" });
        return answer;
      },
    };
    expect(await sync("reconcile", { options: { client: () => shifting } })).toMatchObject({ status: "completed" });
    expect(lists).toBe(4);
    // What was deleted had been seen just before.
    expect(new Set(await visible(store))).toEqual(new Set(names.slice(0, 104)));
  });
});

it("hides removed repositories step by step when there are many", { timeout: 120_000 }, async () => {
  const { store, sync, github, installationId, names, options } = await prepared(340, 56, 0);
  const installation = Number(installationId);
  expect(await sync("full")).toMatchObject({ status: "completed" });
  await github.control.apply("removeRepositories", { installation, repositories: names.slice(110) });
  const inner = options.client(installationId);
  let asked = 0;
  const client: typeof inner = {
    ...inner,
    rest(route, parameters) {
      // The quota is enough for so many; a moment later there is more of it.
      if (route === "GET /repositories/{repository_id}" && (asked += 1) % 120 === 0)
        return Promise.reject(new RateLimitError("used up", new Date(Date.now() + 50)));
      return inner.rest(route, parameters);
    },
  };
  expect(await sync("reconcile", { options: { client: () => client } })).toMatchObject({ status: "completed" });
  expect(new Set(await visible(store))).toEqual(new Set(names.slice(0, 110)));
  expect(asked).toBeLessThan(300);
});

it(
  "a private repository that was given while another was taken away is found at once",
  { timeout: 60_000 },
  async () => {
    const { store, sync, github, installationId, names } = await prepared(3, 55);
    const installation = Number(installationId);
    const [first = "", second = "", third = ""] = names;
    await github.control.apply("removeRepositories", { installation, repositories: [third] });
    expect(await sync("full")).toMatchObject({ status: "completed" });
    expect(await visible(store)).toEqual([first, second]);
    await github.control.apply("removeRepositories", { installation, repositories: [first] });
    await github.control.apply("addRepositories", { installation, repositories: [third] });
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await visible(store)).toEqual([second, third]);
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  },
);

it("warns once about a deleted repository", { timeout: 60_000 }, async () => {
  const { sync, github, names } = await prepared(3, 56);
  const [name = ""] = names;
  await github.control.apply("blockRepository", { repository: name, blocked: "legal" });
  const options = { retryLaterMs: 0 };
  expect(await sync("full", { options })).toMatchObject({ status: "completed-with-warnings" });
  await github.control.apply("blockRepository", { repository: name, blocked: null });
  await github.control.apply("deleteRepository", { repository: name });
  expect(await sync("reconcile", { options })).toMatchObject({ status: "completed", warnings: [] });
  for (let times = 0; times < 2; times += 1)
    expect(await sync("incremental", { options })).toMatchObject({ status: "completed", warnings: [] });
});
