import { afterEach, describe, expect, it } from "vitest";
import { account } from "../../simulator/organisation/organisation.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

describe("a full sync", () => {
  it("ends with tables that equal the organisation, field by field", { timeout: 120_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, {
      generate: {
        seed: 7,
        repositories: 6,
        pulls: 260,
        issues: 240,
        comments: 4,
        commits: 150,
        deployments: 3,
        releases: 2,
      },
    });
    const run = await setting.sync("full");
    expect(run).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
    const counters = await setting.github.control.run("counters", {});
    expect(counters.unhandled).toEqual({});
    const caller = counters.callers[`installation ${setting.installationId}`];
    expect(caller?.refused).toEqual({});
    // What the run says that it cost is what GitHub counted.
    expect(run.points).toBe(caller?.points);
    expect(run.requests).toBe((caller?.requests.rest ?? 0) + (caller?.requests.graphql ?? 0));
  });

  it(
    "keeps the bots that are assigned, which GraphQL does not show, and follows people",
    { timeout: 120_000 },
    async () => {
      database = await createDatabase({ poolSize: 10 });
      const { store } = database;
      setting = await syncSetting(store, { generate: { seed: 9, repositories: 1, pulls: 1, issues: 1 } });
      const { simulation } = setting.github;
      const [repository] = simulation.organisation.repositories.values();
      const assigned = [...(repository?.issues.values() ?? []), ...(repository?.pulls.values() ?? [])];
      const assign = (logins: readonly string[]) => {
        for (const each of assigned) {
          each.assignees = logins.map((login) =>
            account(simulation.organisation, login, login.endsWith("[bot]") ? "Bot" : "User"),
          );
          each.updatedAt += 10;
        }
      };
      assign(["copilot[bot]", "hubot"]);
      await setting.sync("full");
      const stored = () => store.sql.query("SELECT subject_type, login FROM assignees ORDER BY 1, 2");
      // As a delivery stores it, which names bots as REST does.
      const bot = account(simulation.organisation, "copilot[bot]");
      await store.sql.query(
        "INSERT INTO users (id, login, type, seen_at) VALUES ($1, $2, 'Bot', now()) ON CONFLICT (id) DO NOTHING",
        [bot.id, bot.login],
      );
      await store.sql.query(
        `INSERT INTO assignees (installation_id, subject_type, subject_id, user_id, login)
       SELECT DISTINCT installation_id, subject_type, subject_id, $1::bigint, $2 FROM assignees`,
        [bot.id, bot.login],
      );
      assign(["copilot[bot]", "octocat"]);
      await setting.sync("full");
      expect(await stored()).toEqual(
        ["issue", "pull_request"].flatMap((subject_type) =>
          ["copilot[bot]", "octocat"].map((login) => ({ subject_type, login })),
        ),
      );
    },
  );

  it("stores nested lists to their end, however long", { timeout: 120_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, { generate: { seed: 8, repositories: 1, pulls: 2, issues: 2, deployments: 1 } });
    const { control, simulation } = setting.github;
    const [repository] = simulation.organisation.repositories.values();
    const name = `acme/${repository?.name ?? ""}`;
    const [pull] = repository?.pulls.keys() ?? [];
    const [issue] = repository?.issues.keys() ?? [];
    const [deployment] = repository?.deployments.keys() ?? [];
    for (let index = 0; index < 130; index += 1) {
      for (const number of [pull ?? 0, issue ?? 0])
        await control.apply("label", { repository: name, number, label: `label ${index}` });
      const author = `reviewer-${index}`;
      await control.apply("submitReview", {
        repository: name,
        number: pull ?? 0,
        state: "COMMENTED",
        body: "Hm",
        author,
      });
      await control.apply("setDeploymentStatus", { deployment: deployment ?? 0, state: "in_progress" });
    }
    expect(await setting.sync("full")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
    const [row] = await store.sql.query("SELECT count(*)::int AS reviews FROM reviews");
    expect(row?.["reviews"]).toBeGreaterThanOrEqual(130);
  });

  it("finds changes without deliveries or versions, the second time too", { timeout: 120_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, { generate: { seed: 10, repositories: 3, pulls: 30, issues: 30 } });
    const { github, installationId, sync } = setting;
    await sync("full");
    const { changes } = await github.control.run("random", { seed: 10, count: 300, untold: true });
    expect(changes.filter(({ change }) => change === "editLabel").length).toBeGreaterThan(3);
    expect(await sync("full")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it("ignores excluded repositories", { timeout: 60_000 }, async () => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    setting = await syncSetting(store, { generate: { seed: 9, repositories: 3, pulls: 6, issues: 6 } });
    const deniedReason = (repository: string) =>
      repository === "acme/repository-2" ? "the organisation denies it" : null;
    for (const mode of ["full", "incremental", "reconcile"] as const)
      expect(await setting.sync(mode, { options: { deniedReason } })).toMatchObject({ status: "completed" });
    const rows = await store.sql.query("SELECT full_name FROM repositories ORDER BY full_name");
    expect(rows).toEqual([{ full_name: "acme/repository-1" }, { full_name: "acme/repository-3" }]);
    const [others] = await store.sql.query(
      "SELECT count(*)::int AS n FROM pull_requests WHERE repository_id NOT IN (SELECT id FROM repositories)",
    );
    expect(others).toEqual({ n: 0 });
  });
});
