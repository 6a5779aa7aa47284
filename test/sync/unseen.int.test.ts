import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../simulator/clock.js";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import type { Delivery } from "../../simulator/organisation/delivery.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { GoneError } from "../../src/errors.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { differencesOf } from "./compare.js";
import { type Host, hostOf } from "./host.js";
import { type SyncSetting, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

interface Scene extends Omit<SyncSetting, "clock">, Host {
  readonly clock: Clock;
  readonly organisation: Organisation;
  readonly repository: string;
  /** An issue, and a pull request. */
  readonly issue: number;
  readonly pull: number;
  differences(): Promise<readonly string[]>;
}

/** Two repositories that are stored as they are, a while after their last change. */
async function scene(): Promise<Scene> {
  database = await createDatabase({ poolSize: 6 });
  const { store } = database;
  const made = await syncSetting(store, {
    generate: { seed: 81, repositories: 2, pulls: 4, issues: 6, comments: 1, commits: 2, deployments: 1, releases: 1 },
  });
  setting = made;
  const { organisation, clock } = made.github.simulation;
  clock.advance(3_600);
  await made.sync("full");
  clock.advance(3_600);
  const home = [...organisation.repositories.values()].find(({ issues, pulls }) => issues.size > 0 && pulls.size > 0);
  const [issue, pull] = [home?.issues.keys().next().value, home?.pulls.keys().next().value];
  if (!home || issue === undefined || pull === undefined) throw new Error("there is nothing to change");
  return {
    ...made,
    ...hostOf(made),
    clock,
    organisation,
    repository: `acme/${home.name}`,
    issue,
    pull,
    differences: () => differencesOf(made.github, store.sql, made.installationId),
  };
}

/** What is told of something that comes into being; of its end nothing is. */
const SHORT_LIVED: readonly (readonly [string, (scene: Scene) => readonly Delivery[]])[] = [
  [
    "comment",
    ({ organisation, repository, issue }) => {
      const { id } = apply(organisation, "addComment", { repository, number: issue, body: "for a moment" });
      const told = drain(organisation);
      apply(organisation, "deleteComment", { comment: id });
      return told;
    },
  ],
  [
    "issue and its comment",
    ({ organisation, repository }) => {
      const { number } = apply(organisation, "openIssue", { repository, title: "for a moment" });
      apply(organisation, "addComment", { repository, number, body: "also" });
      const told = drain(organisation);
      apply(organisation, "deleteIssue", { repository, number });
      return told;
    },
  ],
  [
    "release",
    ({ organisation, repository }) => {
      const { id } = apply(organisation, "createRelease", { repository, tag: "v0.0.1", draft: true });
      const told = drain(organisation);
      apply(organisation, "deleteRelease", { release: id });
      return told;
    },
  ],
];

describe.each(SHORT_LIVED)("a %s in a late delivery, deleted before the sync", (_what, happens) => {
  it("is read from GitHub, and deleted", { timeout: 60_000 }, async () => {
    const made = await scene();
    const told = happens(made);
    drain(made.organisation);
    made.clock.advance(1);
    await made.sync("incremental");
    await made.deliver(told);
    expect(await made.differences()).not.toEqual([]);
    expect(await made.read()).toBeGreaterThan(0);
    expect(await made.differences()).toEqual([]);
  });

  it("is kept without access to its repository, because that proves nothing", { timeout: 60_000 }, async () => {
    const made = await scene();
    const told = happens(made);
    made.clock.advance(1);
    await made.sync("incremental");
    await made.deliver(told);
    const before = await made.differences();
    await made.read({ repository: () => Promise.reject(new GoneError("Not Found")) });
    expect(await made.differences()).toEqual(before);
  });
});

it("a delivery in time costs no read", { timeout: 60_000 }, async () => {
  const { sync, clock, organisation, repository, issue, deliver, read, differences } = await scene();
  await sync("incremental");
  clock.advance(10);
  apply(organisation, "addComment", { repository, number: issue, body: "new" });
  apply(organisation, "openIssue", { repository, title: "new" });
  apply(organisation, "createRelease", { repository, tag: "v0.0.2" });
  await deliver(drain(organisation));
  expect(await read()).toBe(0);
  expect(await differences()).toEqual([]);
});

it("a late delivery of an existing object stores it unchanged", { timeout: 60_000 }, async () => {
  const { sync, clock, organisation, repository, issue, deliver, read, differences, options } = await scene();
  const { id } = apply(organisation, "addComment", { repository, number: issue, body: "seen by nobody" });
  clock.advance(1);
  await sync("incremental");
  await options.store.sql.query("DELETE FROM issue_comments WHERE id = $1", [id]);
  await deliver(drain(organisation));
  expect(await read()).toBe(1);
  expect(await differences()).toEqual([]);
});

it("a draft, which GitHub may hide, is restored when it is published", { timeout: 60_000 }, async () => {
  const { sync, clock, organisation, repository, deliver, read, differences, options } = await scene();
  const { id } = apply(organisation, "createRelease", { repository, tag: "v0.0.3", draft: true });
  clock.advance(1);
  await sync("incremental");
  await options.store.sql.query("DELETE FROM releases WHERE id = $1", [id]);
  await deliver(drain(organisation));
  await read({ release: () => Promise.reject(new GoneError("Not Found")) });
  expect(await differences()).not.toEqual([]);
  clock.advance(10);
  apply(organisation, "publishRelease", { release: id });
  await deliver(drain(organisation));
  await read();
  expect(await differences()).toEqual([]);
});

describe("a full sync", () => {
  it("finds deletions and moves without a delivery", { timeout: 60_000 }, async () => {
    const { sync, clock, organisation, repository, issue, deliver, differences, options } = await scene();
    const { number } = apply(organisation, "openIssue", { repository, title: "for a moment" });
    await deliver(drain(organisation));
    apply(organisation, "deleteIssue", { repository, number });
    const to = [...organisation.repositories.values()].map(({ name }) => `acme/${name}`).find((n) => n !== repository);
    const moved = apply(organisation, "transferIssue", { repository, number: issue, to: to ?? "" });
    clock.advance(1);
    expect(await sync("full")).toMatchObject({ status: "completed", warnings: [] });
    expect(await differences()).toEqual([]);
    const rows = await options.store.sql.query(
      "SELECT transferred_to FROM issues WHERE deleted_at IS NOT NULL ORDER BY 1",
    );
    expect(rows).toEqual([{ transferred_to: `${to}#${moved.number}` }, { transferred_to: null }]);
  });
});

describe("a conversation that a delivery had read again", () => {
  it("is read completely by the next sync", { timeout: 60_000 }, async () => {
    const { sync, clock, organisation, repository, issue, pull, deliver, read, differences } = await scene();
    // Two contents of one second have them read; the reviews, links and comments before are lost.
    apply(organisation, "submitReview", { repository, number: pull, state: "APPROVED", body: "lost" });
    apply(organisation, "addComment", { repository, number: issue, body: "lost" });
    drain(organisation);
    clock.stop(new Date(Math.ceil(clock.now().getTime() / 1_000) * 1_000));
    for (const title of ["one", "two"]) {
      apply(organisation, "editPull", { repository, number: pull, title, body: `closes #${issue}` });
      apply(organisation, "editIssue", { repository, number: issue, title });
    }
    clock.run();
    clock.advance(60);
    await deliver(drain(organisation));
    expect(await read()).toBe(2);
    clock.advance(60);
    await sync("incremental");
    expect(await differences()).toEqual([]);
  });
});
