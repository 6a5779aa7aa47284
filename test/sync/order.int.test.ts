import { afterAll, expect, it } from "vitest";
import { dump } from "../../simulator/organisation/dump.js";
import { RateLimitError } from "../../src/errors.js";
import { runSync } from "../../src/sync/run/run-sync.js";
import { withDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { newRun, syncSetting } from "./setting.js";

const { store } = await withDatabase({ poolSize: 10 });
const setting = await syncSetting(store, {
  generate: {
    seed: 71,
    repositories: 1,
    pulls: 130,
    issues: 130,
    comments: 2,
    commits: 130,
    deployments: 110,
    releases: 110,
  },
});
afterAll(() => setting.github.close());

/** Of each entity: the table, and the rows as GitHub has them, the latest first. */
function latest() {
  const rows = dump(setting.github.simulation.organisation);
  const by = <R extends { readonly id: number }>(of: readonly R[], at: (row: R) => string): readonly number[] =>
    [...of].sort((a, b) => (at(b) < at(a) ? -1 : at(b) > at(a) ? 1 : b.id - a.id)).map(({ id }) => id);
  return {
    pull_requests: by(rows.pull_requests, ({ updated_at }) => updated_at),
    issues: by(rows.issues, ({ updated_at }) => updated_at),
    issue_comments: by(rows.comments, ({ updated_at }) => updated_at),
    deployments: by(rows.deployments, ({ created_at }) => created_at),
    releases: by(rows.releases, ({ created_at }) => created_at),
  };
}

it("a full sync brings the latest of everything first", { timeout: 120_000 }, async () => {
  const { options, installationId, clock } = setting;
  const client = options.client(installationId);
  const seen = new Set<string>();
  // Nothing is left of the quota when anything is asked for a second time: only first pages are stored.
  const firstPages: typeof client = {
    ...client,
    rest: (route, parameters) => once(route, () => client.rest(route, parameters)),
    query: (document, variables, schema) => once(document.name, () => client.query(document, variables, schema)),
  };
  async function once<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (seen.has(what)) throw new RateLimitError("used up", new Date(Date.now() + 100));
    seen.add(what);
    return call();
  }
  const run = await newRun(store, installationId, "full", null, clock.now());
  const stopped = await runSync(
    { ...options, client: () => firstPages, concurrency: 1 },
    run.id,
    new AbortController().signal,
  ).catch((error: unknown) => error);
  expect(stopped).toBeInstanceOf(RateLimitError);
  for (const [table, ids] of Object.entries(latest())) {
    const rows = await store.sql.query(`SELECT id::int AS id FROM ${table}`);
    const stored = new Set(rows.map((row) => Number(row["id"])));
    expect([table, stored.size]).toEqual([table, 100]);
    expect([table, ids.slice(0, 10).every((id) => stored.has(id))]).toEqual([table, true]);
  }
  const head = [...setting.github.simulation.organisation.repositories.values()][0]?.branches.get("main");
  const commits = await store.sql.query("SELECT sha FROM commits");
  expect([commits.length, commits.some((row) => row["sha"] === head)]).toEqual([100, true]);

  expect(await setting.sync("full")).toMatchObject({ id: run.id, status: "completed", warnings: [] });
  expect(await differencesOf(setting.github, store.sql, installationId)).toEqual([]);
});
