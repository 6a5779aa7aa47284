import { afterEach, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import { fullName } from "../../simulator/organisation/repository.js";
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

async function synced(generate: { readonly seed: number; readonly pulls: number; readonly issues: number }) {
  database = await createDatabase({ poolSize: 10 });
  const { store } = database;
  const made = await syncSetting(store, {
    generate: { repositories: 8, comments: 3, commits: 20, deployments: 3, releases: 2, ...generate },
  });
  setting = made;
  // What changed a moment ago is read once more: a version is a whole second.
  made.github.simulation.clock.advance(60);
  expect(await made.sync("full")).toMatchObject({ status: "completed" });
  return { store, ...made };
}

describe("an incremental sync", () => {
  it("updates everything that changed, and costs almost nothing without changes", { timeout: 180_000 }, async () => {
    const { store, sync, github, installationId } = await synced({ seed: 3, pulls: 120, issues: 80 });
    const idle = await sync("incremental");
    expect(idle).toMatchObject({ status: "completed", rows_written: 0 });
    expect(idle.points).toBeLessThanOrEqual(4);
    expect(idle.requests).toBeLessThanOrEqual(4);
    for (const seed of [1, 2, 3]) {
      await github.control.run("random", { seed, count: 300 });
      expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    }
  });

  it("finds more changes than a search shows", { timeout: 180_000 }, async () => {
    const { store, sync, github, installationId } = await synced({ seed: 4, pulls: 1_500, issues: 800 });
    await github.control.run("random", { seed: 100, count: 4_000 });
    expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it("misses nothing when an item leaves the search while it is paged", { timeout: 180_000 }, async () => {
    const { store, github, options, installationId, clock } = await synced({ seed: 16, pulls: 8, issues: 300 });
    const { organisation } = github.simulation;
    const edited = [...organisation.repositories.values()]
      .flatMap((repository) =>
        [...repository.issues.keys()].map((number) => ({ repository: fullName(repository), number })),
      )
      .slice(0, 150);
    for (const issue of edited) {
      github.simulation.clock.advance(1);
      apply(organisation, "editIssue", { ...issue, title: "another" });
    }
    drain(organisation);
    github.simulation.clock.advance(60);
    let pages = 0;
    const [latest] = edited.slice(-1);
    const client: typeof options.client = (id) => {
      const real = options.client(id);
      return {
        ...real,
        async query(document, variables, schema) {
          const answer = await real.query(document, variables, schema);
          if (document.name === "SEARCH_PULL_REQUESTS" && ++pages === 1 && latest) {
            apply(organisation, "deleteIssue", latest);
            drain(organisation);
          }
          return answer;
        },
      };
    };
    const run = await newRun(store, installationId, "incremental", null, clock.now());
    await runSync({ ...options, client }, run.id, new AbortController().signal);
    expect(pages).toBeGreaterThan(1);
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it(
    "finds all that changed in two seconds that each hold more than a search shows",
    { timeout: 180_000 },
    async () => {
      const { store, sync, github, installationId } = await synced({ seed: 15, pulls: 8, issues: 2_200 });
      const { organisation, clock } = github.simulation;
      const all = [...organisation.repositories.values()].flatMap((repository) =>
        [...repository.issues.keys()].map((number) => ({ repository: fullName(repository), number })),
      );
      clock.advance(600);
      for (const half of [all.slice(0, 1_100), all.slice(1_100)]) {
        clock.stop(clock.now());
        for (const issue of half) apply(organisation, "editIssue", { ...issue, title: "another" });
        clock.advance(5);
        clock.run();
      }
      drain(organisation);
      clock.advance(60);
      expect(await sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    },
  );

  it("reads check results, which change no version", { timeout: 120_000 }, async () => {
    const { store, sync, github, installationId } = await synced({ seed: 16, pulls: 24, issues: 1 });
    const { control, simulation } = github;
    const [first] = simulation.organisation.repositories.values();
    const repository = first ? fullName(first) : "";
    const { number } = await control.apply("openPull", { repository, title: "Checked" });
    const pull = first?.pulls.get(number ?? 0);
    const stored = async () => {
      const incremental = await sync("incremental");
      expect(incremental).toMatchObject({ status: "completed", warnings: [] });
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
      const rows = await store.sql.query("SELECT checks_state FROM pull_requests WHERE id = $1", [pull?.id]);
      return rows.map((row) => row["checks_state"]);
    };
    expect(await stored()).toEqual([null]);
    const sha = pull?.headSha ?? "";
    const started = await control.apply("createCheckRun", { repository, headSha: sha, name: "tests" });
    expect(await stored()).toEqual(["pending"]);
    // It takes days.
    simulation.clock.advance(3 * 86_400);
    expect(await stored()).toEqual(["pending"]);
    await control.apply("updateCheckRun", { checkRun: started.id ?? 0, status: "completed", conclusion: "failure" });
    expect(await stored()).toEqual(["failure"]);
  });

  it("does not begin before there is anything to bring up to date", { timeout: 60_000 }, async () => {
    database = await createDatabase();
    setting = await syncSetting(database.store, { generate: { repositories: 1, pulls: 1, issues: 1 } });
    const run = await setting.sync("incremental");
    expect(run).toMatchObject({ status: "cancelled", reason: "a full sync must run first" });
  });
});

describe("a spot sync", () => {
  it(
    "reads one pull request again, and one issue with its comments, whatever is stored",
    { timeout: 60_000 },
    async () => {
      const { store, sync, github, installationId } = await synced({ seed: 5, pulls: 20, issues: 20 });
      const [pull] = await store.sql.query(
        `SELECT r.full_name || '#' || p.number AS subject, p.id::text AS id FROM pull_requests p
       JOIN repositories r ON r.id = p.repository_id ORDER BY p.id LIMIT 1`,
      );
      const [issue] = await store.sql.query(
        `SELECT r.full_name || '#' || i.number AS subject, i.id::text AS id, i.repository_id::text AS repository, i.number
       FROM issues i JOIN repositories r ON r.id = i.repository_id ORDER BY i.id LIMIT 1`,
      );
      await store.sql.query(
        "UPDATE pull_requests SET title = 'spoiled', core_updated_at = '2000-01-01' WHERE id = $1",
        [pull?.["id"]],
      );
      await store.sql.query("DELETE FROM issues WHERE id = $1", [issue?.["id"]]);
      await store.sql.query("DELETE FROM issue_comments WHERE repository_id = $1 AND issue_number = $2", [
        issue?.["repository"],
        issue?.["number"],
      ]);
      expect(await differencesOf(github, store.sql, installationId)).not.toEqual([]);
      for (const subject of [pull?.["subject"], issue?.["subject"]])
        expect(await sync("spot", { subject: String(subject) })).toMatchObject({ status: "completed", warnings: [] });
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    },
  );
});

describe("a reconciliation", () => {
  it(
    "finds deleted, renamed or hidden repositories, and changes without deliveries",
    { timeout: 180_000 },
    async () => {
      const { store, sync, github, installationId } = await synced({ seed: 6, pulls: 60, issues: 60 });
      const [first, second] = [...github.simulation.organisation.repositories.values()];
      if (!first || !second) throw new Error("no repositories");
      await github.control.apply("deleteRepository", { repository: `acme/${first.name}` });
      await github.control.apply("renameRepository", { repository: `acme/${second.name}`, name: "renamed" });
      // A row that is wrong without any version saying so: only a look into the repository finds it.
      await store.sql.query("DELETE FROM issues WHERE id = (SELECT min(id) FROM issues WHERE repository_id = $1)", [
        second.id,
      ]);
      expect(await sync("reconcile")).toMatchObject({ status: "completed", warnings: [] });
      const rows = await store.sql.query(
        "SELECT full_name, access_removed_at IS NOT NULL AS hidden FROM repositories WHERE id = ANY($1::bigint[]) ORDER BY id",
        [[first.id, second.id]],
      );
      expect(rows).toEqual([
        { full_name: `acme/${first.name}`, hidden: true },
        { full_name: "acme/renamed", hidden: false },
      ]);
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
    },
  );
});
