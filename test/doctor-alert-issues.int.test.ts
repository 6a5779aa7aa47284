import { afterAll, beforeAll, expect, test } from "vitest";
import type { Permissions } from "../simulator/organisation/installation.js";
import { expectProblem, findings } from "./support/doctor.js";
import { startSystem, type System } from "./support/system.js";

const repository = "acme/site";
let system: System;
beforeAll(async () => {
  system = await startSystem({ ALERT_ISSUE_REPOSITORY: repository });
});
afterAll(() => system.close());

const control = () => system.github.control;
const on = () => ({ installation: system.installation });
const accept = (permissions: Permissions) => control().apply("acceptPermissions", { ...on(), permissions });
const deny = (...patterns: readonly string[]) =>
  system.database.store.sql.query("UPDATE installations SET deny_repositories = $1", [patterns]);
const less = { metadata: "read", contents: "read", issues: "read" } as const;

/** What is planted, how it is fixed, and the detail and remedy of the doctor. */
const places: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>, RegExp, RegExp])[] = [
  [
    "a repository that was taken from the App",
    () => control().apply("removeRepositories", { ...on(), repositories: [repository] }),
    () => control().apply("addRepositories", { ...on(), repositories: [repository] }),
    /not installed on acme\/site, the repository in ALERT_ISSUE_REPOSITORY/,
    /Install the App there/,
  ],
  [
    "one whose account suspended the App",
    () => control().apply("suspendInstallation", on()),
    () => control().apply("unsuspendInstallation", on()),
    /suspended on acme/,
    /must unsuspend/,
  ],
  [
    "one in which the App may only read issues",
    () => accept(less),
    () => accept(system.github.simulation.organisation.app.permissions),
    /acme has not granted issues: write/,
    /accept the App's permissions/,
  ],
  [
    "one that has another name",
    () => control().apply("renameRepository", { repository, name: "shop" }),
    () => control().apply("renameRepository", { repository: "acme/shop", name: "site" }),
    /acme\/site was renamed to acme\/shop/,
    /Set ALERT_ISSUE_REPOSITORY=acme\/shop/,
  ],
  [
    "one that is archived",
    () => control().apply("archiveRepository", { repository }),
    () => control().apply("unarchiveRepository", { repository }),
    /is archived/,
    /Unarchive it/,
  ],
  [
    "one without issues",
    () => control().apply("setIssues", { repository, on: false }),
    () => control().apply("setIssues", { repository, on: true }),
    /issues are disabled in acme\/site/,
    /Enable issues/,
  ],
  [
    "one that its account denies",
    () => deny("acme/s*"),
    () => deny(),
    /the app writes nothing to acme\/site: the organisation denies acme\/site \(acme\/s\*\)/,
    /deny --remove/,
  ],
];

test.each(places)("%s accepts no alerts, and the doctor reports it", async (_what, plant, fix, detail, remedy) => {
  await plant();
  try {
    await expectProblem(system.env(), "alert issues", detail, remedy);
  } finally {
    await fix();
  }
});

test("a fixed repository accepts alerts again", async () => {
  const { found } = await findings(system.env());
  expect(found.find(({ check }) => check === "alert issues")).toMatchObject({ status: "ok" });
});

test("a GitHub that does not answer is no verdict", async () => {
  const planned = [{ match: `GET /repos/${repository}`, kind: "reset", times: 20 }] as const;
  await control().run("faults", { planned });
  const { found } = await findings(system.env());
  await control().run("faults", {});
  expect(found.find(({ check }) => check === "alert issues")).toMatchObject({ status: "unknown" });
});

test("a deleted repository accepts no alerts", async () => {
  await control().apply("deleteRepository", { repository });
  await expectProblem(system.env(), "alert issues", /not installed on/, /set ALERT_ISSUE_REPOSITORY to another/);
});
