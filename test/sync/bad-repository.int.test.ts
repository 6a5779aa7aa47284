import { afterEach, describe, expect, it } from "vitest";
import { nodeId } from "../../simulator/render/node-id.js";
import { CircuitOpenError, NetworkError } from "../../src/errors.js";
import type { GitHubClient } from "../../src/github/client.js";
import { readRun } from "../../src/store/sync/runs.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { BAD } from "./bad.js";
import { differencesOf } from "./compare.js";
import { newRun, type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

it.each(BAD)(
  "names a repository that answers %s, reads it later, and blocks nothing",
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
    for (const { reason } of run.warnings) expect(reason).not.toBe("");
    // None of these answers becomes another by being asked for again.
    expect(github.simulation.faults.struck.get(fault.kind)).toBe(run.warnings.length);
    const stored = await store.sql.query("SELECT DISTINCT repository_id::int AS id FROM issues ORDER BY 1");
    expect(stored.map(({ id }) => id)).toEqual(others.map(({ id }) => id).sort((a, b) => a - b));

    await github.control.run("faults", {});
    expect(await sync("incremental", { options })).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  },
);

describe("no answer", () => {
  async function organisation() {
    database = await createDatabase({ poolSize: 10 });
    const { store } = database;
    const made = (setting = await syncSetting(store, {
      generate: { seed: 13, repositories: 4, pulls: 12, issues: 8 },
    }));
    const { clock, organisation: all } = made.github.simulation;
    const sleep = (ms: number) => Promise.resolve(clock.advance(ms / 1_000));
    return { ...made, store, all, options: { ...made.options, retryLaterMs: 0, sleep } };
  }

  it("to anything is an outage: the run waits, and blames no repository", { timeout: 120_000 }, async () => {
    const { store, github, options, installationId, clock } = await organisation();
    const client = options.client(installationId);
    let away = false;
    const answered = <T>(what: string, answer: Promise<T>): Promise<T> => {
      if (away) return answer.then(() => Promise.reject(new NetworkError("502")));
      away = what === "GET_ORG_REPOSITORIES";
      return answer;
    };
    const failing: GitHubClient = {
      ...client,
      rest: (route, parameters) => answered(route, client.rest(route, parameters)),
      query: (document, variables, schema) => answered(document.name, client.query(document, variables, schema)),
    };
    const run = await newRun(store, installationId, "full", null, clock.now());
    const { signal } = new AbortController();
    const tried = runSync({ ...options, client: () => failing }, run.id, signal);
    await expect(tried).rejects.toBeInstanceOf(CircuitOpenError);
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "paused", reason: "GitHub does not respond" });
    expect(await runSync(options, run.id, signal)).toMatchObject({ status: "done" });
    expect(await readRun(store.sql, run.id)).toMatchObject({ status: "completed", warnings: [] });
    expect(await differencesOf(github, store.sql, installationId)).toEqual([]);
  });

  it("about one repository is that one's: it is named, as others are answered", { timeout: 120_000 }, async () => {
    const { github, all, options, sync } = await organisation();
    const [bad] = all.repositories.values();
    if (!bad) throw new Error("no repository");
    const matches = [`/repos/acme/${bad.name}/`, JSON.stringify(nodeId(bad))];
    const planned = matches.map((match) => ({ match, kind: "status", status: 502, times: 10_000 }) as const);
    await github.control.run("faults", { planned });
    const run = await sync("full", { options });
    expect(run.status).toBe("completed-with-warnings");
    expect(new Set(run.warnings.map(({ repository }) => repository))).toEqual(new Set([`acme/${bad.name}`]));
  });
});
