import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fullName } from "../../simulator/organisation/repository.js";
import { NetworkError } from "../../src/errors.js";
import { withDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const { store } = await withDatabase({ poolSize: 10 });
let setting: SyncSetting;
let repository: string;
beforeAll(async () => {
  setting = await syncSetting(store, { generate: { seed: 61, repositories: 1, pulls: 1, issues: 1, commits: 5 } });
  const [only] = setting.github.simulation.organisation.repositories.values();
  if (!only) throw new Error("no repository");
  repository = fullName(only);
});
afterAll(() => setting.github.close());

/** Pushes to a branch, one commit a minute. */
async function push(branch: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    setting.github.simulation.clock.advance(60);
    const commits = [{ message: `${branch} ${index}`, files: [{ path: `${branch}.txt`, content: `${index}\n` }] }];
    await setting.github.control.apply("push", { repository, branch, commits });
  }
}

async function same(): Promise<void> {
  expect(await setting.sync("incremental")).toMatchObject({ status: "completed", warnings: [] });
  expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
}

describe("commits of the default branch", () => {
  it("of a long-lived branch that was merged late are found behind known ones", { timeout: 60_000 }, async () => {
    await push("topic", 12);
    await push("main", 110);
    expect(await setting.sync("full")).toMatchObject({ status: "completed", warnings: [] });
    const [before] = await store.sql.query("SELECT count(*)::int AS n FROM commits");
    const { number } = await setting.github.control.apply("openPull", { repository, title: "Late", head: "topic" });
    await push("main", 3);
    await same();
    await setting.github.control.apply("mergePull", { repository, number: number ?? 0 });
    await same();
    const [after] = await store.sql.query("SELECT count(*)::int AS n FROM commits");
    // Three of the branch itself, twelve of the topic, and the merge.
    expect(Number(after?.["n"]) - Number(before?.["n"])).toBe(3 + 12 + 1);
  });

  it("are read to the end, in smaller pages where GitHub cannot give larger ones", { timeout: 60_000 }, async () => {
    await push("main", 110);
    const client = setting.options.client(setting.installationId);
    const sizes: unknown[] = [];
    const slow: typeof client = {
      ...client,
      async rest(route, parameters) {
        if (route.includes("/compare/")) {
          sizes.push(parameters?.["per_page"]);
          if (sizes.length <= 3) throw new NetworkError("no answer");
        }
        return client.rest(route, parameters);
      },
    };
    expect(await setting.sync("incremental", { options: { client: () => slow } })).toMatchObject({
      status: "completed",
      warnings: [],
    });
    expect(sizes.slice(0, 4)).toEqual([100, 50, 25, 12]);
    expect(await differencesOf(setting.github, store.sql, setting.installationId)).toEqual([]);
  });

  it("are read again completely when the known head no longer exists", { timeout: 60_000 }, async () => {
    const { organisation } = setting.github.simulation;
    const repo = organisation.byName.get(repository);
    const head = repo?.branches.get("main");
    const parent = repo?.commits.get(head ?? "")?.parents[0] ?? "";
    await setting.github.control.apply("push", {
      repository,
      force: true,
      onto: parent,
      commits: [{ message: "Other" }],
    });
    repo?.commits.delete(head ?? "");
    await same();
    const others = await store.sql.query("SELECT 1 FROM commits WHERE message = 'Other'");
    expect(others).toHaveLength(1);
  });

  it("are none in an empty repository, which is no warning", { timeout: 60_000 }, async () => {
    const { id } = await setting.github.control.apply("createRepository", { repository: "acme/empty", empty: true });
    await same();
    const lists = await store.sql.query(
      "SELECT DISTINCT status, rows FROM sync_cursors WHERE repository_id = $1 AND entity = 'commits'",
      [id],
    );
    expect(lists).toEqual([{ status: "done", rows: 0 }]);
  });

  it("are requested once if GitHub calls the repository empty, and then read from the history", async () => {
    await push("main", 2);
    const { control, simulation } = setting.github;
    const empty = { match: "/compare/", kind: "status", status: 409, times: 1_000 } as const;
    await control.run("faults", { planned: [empty] });
    const before = simulation.faults.struck.get("status") ?? 0;
    await same();
    expect((simulation.faults.struck.get("status") ?? 0) - before).toBe(1);
    await control.run("faults", {});
  });
});
