import { afterEach, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { fullName, type Repository } from "../../simulator/organisation/repository.js";
import { GoneError } from "../../src/errors.js";
import type { SyncMode } from "../../src/sync/entity.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type SyncSetting, syncSetting } from "./setting.js";

const DAY = 86_400;

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

async function synced() {
  database = await createDatabase({ poolSize: 10 });
  const { store } = database;
  const made = await syncSetting(store, {
    generate: {
      seed: 81,
      repositories: 3,
      pulls: 12,
      issues: 12,
      comments: 2,
      commits: 4,
      deployments: 3,
      releases: 3,
    },
  });
  setting = made;
  made.github.simulation.clock.advance(60);
  expect(await made.sync("full")).toMatchObject({ status: "completed" });
  const [first, second] = [...made.github.simulation.organisation.repositories.values()];
  if (!first || !second) throw new Error("no repositories");
  const same = async () => expect(await differencesOf(made.github, store.sql, made.installationId)).toEqual([]);
  const run = async (mode: SyncMode) =>
    expect(await made.sync(mode)).toMatchObject({ status: "completed", warnings: [] });
  return { store, ...made, first, second, same, run };
}

type Act = (organisation: Organisation, first: Repository, second: Repository) => void;

const firstOf = (things: ReadonlyMap<number, unknown>): number => [...things.keys()][0] ?? 0;

/** The number of an issue that has comments. */
function commented(repository: Repository): number {
  return [...repository.issues.values()].find(({ comments }) => comments.length > 0)?.number ?? 0;
}

const LOST: readonly (readonly [string, Act])[] = [
  [
    "the transfer of a repository",
    (o, first) => void apply(o, "transferRepository", { repository: fullName(first), to: "elsewhere" }),
  ],
  ["the deletion of a repository", (o, first) => apply(o, "deleteRepository", { repository: fullName(first) })],
  [
    "a repository's new name",
    (o, first) => void apply(o, "renameRepository", { repository: fullName(first), name: "renamed" }),
  ],
  [
    "the transfer of an issue with comments",
    (o, first, second) =>
      void apply(o, "transferIssue", { repository: fullName(first), number: commented(first), to: fullName(second) }),
  ],
  [
    "the deletion of an issue with comments",
    (o, first) => apply(o, "deleteIssue", { repository: fullName(first), number: commented(first) }),
  ],
  [
    "the deletion of a comment",
    (o, first) => apply(o, "deleteComment", { comment: first.issues.get(commented(first))?.comments[0]?.id ?? 0 }),
  ],
  ["the deletion of a release", (o, first) => apply(o, "deleteRelease", { release: firstOf(first.releases) })],
  [
    "the deletion of a deployment",
    (_o, first) => {
      first.deployments.delete(firstOf(first.deployments));
      first.revision += 1;
    },
  ],
];

describe("changes without deliveries", () => {
  it.each(LOST)("%s is found by a reconciliation", { timeout: 60_000 }, async (_what, lose) => {
    const { github, first, second, same, run, store, installationId } = await synced();
    github.simulation.clock.advance(600);
    lose(github.simulation.organisation, first, second);
    drain(github.simulation.organisation);
    expect(await differencesOf(github, store.sql, installationId)).not.toEqual([]);
    await run("reconcile");
    await same();
  });

  it("a label's new name is found within a week, on all that carries it", { timeout: 60_000 }, async () => {
    const { github, first, same, run, store, installationId } = await synced();
    const { control, simulation } = github;
    const repository = fullName(first);
    for (const number of [firstOf(first.pulls), commented(first)])
      await control.apply("label", { repository, number, label: "bug" });
    await run("incremental");
    await same();
    simulation.clock.advance(600);
    await control.apply("editLabel", { repository, name: "bug", newName: "defect", color: "00ff00" });
    expect(await differencesOf(github, store.sql, installationId)).not.toEqual([]);
    for (let night = 0; night < 7; night += 1) {
      await run("reconcile");
      simulation.clock.advance(DAY);
    }
    await same();
  });
});

it("a reconciliation that could not search leaves the changes to the next sync", { timeout: 60_000 }, async () => {
  const { github, first, same, run, sync, options, installationId } = await synced();
  const { organisation, clock } = github.simulation;
  clock.advance(600);
  apply(organisation, "editIssue", { repository: fullName(first), number: firstOf(first.issues), title: "another" });
  drain(organisation);
  clock.advance(7_200);
  const inner = options.client(installationId);
  const client: typeof inner = {
    ...inner,
    query: (document, variables, schema) =>
      document.name === "SEARCH_PULL_REQUESTS"
        ? Promise.reject(new GoneError("not now"))
        : inner.query(document, variables, schema),
  };
  await expect(sync("reconcile", { options: { client: () => client } })).rejects.toThrow("not now");
  await run("incremental");
  await same();
});
