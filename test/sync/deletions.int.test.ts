import { afterEach, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import type { Repository } from "../../simulator/organisation/repository.js";
import type { GitHubClient } from "../../src/github/client.js";
import { GoneError, RateLimitError } from "../../src/errors.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

async function scene(generate: {
  readonly issues?: number;
  readonly deployments?: number;
  readonly releases?: number;
}) {
  database = await createDatabase({ poolSize: 6 });
  const { store } = database;
  const made = await syncSetting(store, {
    generate: { seed: 71, repositories: 1, pulls: 1, issues: 1, commits: 2, ...generate },
  });
  setting = made;
  const { organisation, clock } = made.github.simulation;
  clock.advance(3_600);
  await made.sync("full");
  clock.advance(3_600);
  const [home] = organisation.repositories.values();
  if (!home) throw new Error("there is no repository");
  return {
    ...made,
    store,
    home,
    organisation,
    clock,
    differences: () => differencesOf(made.github, store.sql, made.installationId),
  };
}

/** The client, which notes the routes that are asked, and does something behind each answer. */
function watched(client: GitHubClient, asked: string[], happens: (route: string) => void = () => {}): GitHubClient {
  return {
    ...client,
    async rest(route, parameters) {
      asked.push(route);
      const answer = await client.rest(route, parameters);
      happens(route);
      return answer;
    },
  };
}

const times = (asked: readonly string[], route: string): number => asked.filter((each) => each === route).length;

interface Listed {
  readonly list: string;
  readonly one: string;
  remove(organisation: Organisation, home: Repository, id: number): void;
  ids(home: Repository): readonly number[];
}

const LISTS: Readonly<Record<"deployments" | "releases", Listed>> = {
  deployments: {
    list: "GET /repos/{owner}/{repo}/deployments",
    one: "GET /repos/{owner}/{repo}/deployments/{id}",
    // GitHub tells nobody of it.
    remove: (_organisation, home, id) => void home.deployments.delete(id),
    ids: ({ deployments }) => [...deployments.keys()],
  },
  releases: {
    list: "GET /repos/{owner}/{repo}/releases",
    one: "GET /repos/{owner}/{repo}/releases/{id}",
    remove: (organisation, _home, id) => apply(organisation, "deleteRelease", { release: id }),
    ids: ({ releases }) => [...releases.keys()],
  },
};

describe.each(["deployments", "releases"] as const)("in a list of %s of several pages", (what) => {
  const { list, one, remove, ids } = LISTS[what];

  it("one reading finds a deletion, and no other follows", { timeout: 120_000 }, async () => {
    const { home, organisation, clock, sync, options, installationId, differences } = await scene({ [what]: 230 });
    const count = async (): Promise<readonly number[]> => {
      const asked: string[] = [];
      const client = watched(options.client(installationId), asked);
      expect(await sync("incremental", { options: { client: () => client } })).toMatchObject({ warnings: [] });
      return [times(asked, list), times(asked, one)];
    };
    remove(organisation, home, ids(home)[40] ?? 0);
    drain(organisation);
    clock.advance(300);
    expect(await count()).toEqual([3, 1]);
    expect(await differences()).toEqual([]);
    clock.advance(300);
    expect(await count()).toEqual([0, 0]);
  });

  it("keeps items that no page showed because the pages shifted, unchanged", { timeout: 120_000 }, async () => {
    const { home, organisation, clock, sync, options, installationId, differences } = await scene({ [what]: 230 });
    const [latest = 0, next = 0] = ids(home).slice(-2);
    remove(organisation, home, latest);
    clock.advance(300);
    let moved = false;
    const client = watched(options.client(installationId), [], (route) => {
      if (moved || route !== list) return;
      moved = true;
      remove(organisation, home, next);
    });
    expect(await sync("incremental", { options: { client: () => client } })).toMatchObject({ warnings: [] });
    expect(moved).toBe(true);
    drain(organisation);
    clock.advance(300);
    await sync("incremental");
    expect(await differences()).toEqual([]);
  });
});

it("a missing item proves nothing without access to the repository", { timeout: 120_000 }, async () => {
  const { home, organisation, store, sync, options, installationId } = await scene({ issues: 3, releases: 130 });
  apply(organisation, "deleteIssue", { repository: `acme/${home.name}`, number: [...home.issues.keys()][0] ?? 0 });
  apply(organisation, "deleteRelease", { release: [...home.releases.keys()][0] ?? 0 });
  drain(organisation);
  const inner = options.client(installationId);
  const ones = [
    "GET /repos/{owner}/{repo}/issues/{issue_number}",
    LISTS.releases.one,
    "GET /repositories/{repository_id}",
  ];
  const client: GitHubClient = {
    ...inner,
    rest: (route, parameters) =>
      ones.includes(route) ? Promise.reject(new GoneError("Not Found")) : inner.rest(route, parameters),
  };
  const run = await sync("full", { options: { client: () => client } });
  expect(run.warnings.map(({ entity }) => entity)).toEqual(["issues", "releases"]);
  for (const table of ["issues", "releases"])
    expect(await store.sql.query(`SELECT id FROM ${table} WHERE deleted_at IS NOT NULL`)).toEqual([]);
});

describe.each(["full", "incremental"] as const)(
  "more deletions than one step settles, in a sync that is %s",
  (mode) => {
    it("are stored step by step: a pause repeats only the present step", { timeout: 120_000 }, async () => {
      const { home, organisation, clock, sync, options, installationId, differences } = await scene({ issues: 260 });
      const repository = `acme/${home.name}`;
      const gone = [...home.issues.keys()].slice(0, 230);
      for (const number of gone) apply(organisation, "deleteIssue", { repository, number });
      drain(organisation);
      clock.advance(300);
      const one = "GET /repos/{owner}/{repo}/issues/{issue_number}";
      const asked: string[] = [];
      const inner = options.client(installationId);
      const client = watched(
        {
          ...inner,
          rest(route, parameters) {
            // The quota is enough for so many; a moment later there is more of it.
            if (route === one && times(asked, one) % 120 === 0)
              return Promise.reject(new RateLimitError("used up", new Date(Date.now() + 50)));
            return inner.rest(route, parameters);
          },
        },
        asked,
      );
      expect(await sync(mode, { options: { client: () => client } })).toMatchObject({ status: "completed" });
      expect(await differences()).toEqual([]);
      expect(times(asked, one)).toBeLessThan(300);
    });
  },
);
