import { afterEach, expect, it } from "vitest";
import type { PlannedFault } from "../../demo/github/faults.js";
import { nodeId } from "../../demo/github/render/node-id.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

const BAD: readonly (readonly [string, Pick<PlannedFault, "kind" | "status">])[] = [
  ["404", { kind: "status", status: 404 }],
  ["403", { kind: "status", status: 403 }],
  ["409", { kind: "status", status: 409 }],
  ["451", { kind: "status", status: 451 }],
  ["data that is not what was asked for", { kind: "nonsense" }],
];

it.each(BAD)(
  "one repository that answers %s is named, left out and read later, and holds nothing up",
  { timeout: 120_000 },
  async (_what, fault) => {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    const { github, sync, installationId } = (setting = await syncSetting(store, {
      generate: {
        seed: 12,
        repositories: 3,
        pulls: 30,
        issues: 30,
        comments: 1,
        commits: 4,
        deployments: 1,
        releases: 1,
      },
    }));
    const { clock, organisation } = github.simulation;
    const [bad, ...others] = organisation.repositories.values();
    if (!bad) throw new Error("no repository");
    const name = `acme/${bad.name}`;
    // REST names it in the path, GraphQL in the variables.
    const matches = [`/repos/${name}/`, JSON.stringify(nodeId(bad))];
    await github.control.run("faults", { planned: matches.map((match) => ({ match, times: 1_000, ...fault })) });
    const options = {
      retryLaterMs: 0,
      // A wait between tries takes no time.
      sleep: (ms: number) => Promise.resolve(clock.advance(ms / 1_000)),
    };
    const run = await sync("full", { options });
    expect(run.status).toBe("completed-with-warnings");
    expect(new Set(run.warnings.map(({ repository }) => repository))).toEqual(new Set([name]));
    expect(run.warnings.map(({ entity }) => entity)).toEqual([
      "comments",
      "commits",
      "deployments",
      "issues",
      "pull_requests",
      "releases",
    ]);
    for (const { because } of run.warnings) expect(because).not.toBe("");
    // None of these answers becomes another by being asked for again.
    expect(github.simulation.faults.struck.get(fault.kind)).toBe(run.warnings.length);
    const stored = await store.sql.query("SELECT DISTINCT repository_id::int AS id FROM issues ORDER BY 1");
    expect(stored.map(({ id }) => id)).toEqual(others.map(({ id }) => id).sort((a, b) => a - b));

    await github.control.run("faults", {});
    expect(await sync("incremental", { options })).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  },
);
