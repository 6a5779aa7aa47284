import { afterEach, expect, it } from "vitest";
import { APP_PERMISSIONS } from "../../simulator/organisation/create.js";
import { nodeId } from "../../simulator/render/node-id.js";
import { ForbiddenError } from "../../src/errors.js";
import { GET_PULL_REQUEST_DETAILS } from "../../src/github/queries/get-pull-request-details.js";
import { FIRST_OF_PULL_REQUEST } from "../../src/github/queries/pull-request.js";
import { ask } from "../../src/github/queries/query.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { type SyncSetting, syncOptions, syncSetting } from "./setting.js";

let database: TestDatabase | undefined;
let setting: SyncSetting | undefined;
afterEach(async () => {
  await setting?.github.close();
  await database?.drop();
});

/** What is stored of the one pull request. */
async function stored({ store }: TestDatabase): Promise<unknown> {
  const [row] = await store.sql.query(
    `SELECT title, checks_state, ARRAY(SELECT reviewer_type || ' ' || reviewer_name FROM review_requests q
      WHERE q.pull_request_id = p.id ORDER BY 1) AS requested FROM pull_requests p`,
    [],
    "test-permissions",
  );
  return row;
}

it("without members and statuses a sync keeps the teams and the checks that are stored, and stores the rest", async () => {
  database = await createDatabase({ poolSize: 8 });
  const { store } = database;
  setting = await syncSetting(store, { generate: { seed: 3, repositories: 1, pulls: 1, issues: 0, deployments: 0 } });
  const { github, installationId, budget, clock } = setting;
  const { organisation } = github.simulation;
  organisation.teams.push({ kind: "team", id: 7001, slug: "core", name: "Core", members: [] });
  const [repository] = organisation.repositories.values();
  const [pull] = repository?.pulls.values() ?? [];
  if (!repository || !pull) throw new Error("nothing was generated");
  pull.requestedReviewers = [];
  pull.checks = "SUCCESS";
  const on = { repository: `acme/${repository.name}`, number: pull.number };
  await github.control.apply("requestReviewer", { ...on, team: "core" });
  await github.control.apply("requestReviewer", { ...on, reviewer: "octocat" });
  await github.control.apply("editPull", { ...on, title: "Before" });
  await setting.sync("full");
  expect(await stored(database)).toEqual({
    title: "Before",
    checks_state: "success",
    requested: ["team core", "user octocat"],
  });

  const { members: _members, statuses: _statuses, ...less } = APP_PERMISSIONS;
  await github.control.apply("acceptPermissions", { installation: Number(installationId), permissions: less });
  github.simulation.clock.advance(5);
  await github.control.apply("unrequestReviewer", { ...on, reviewer: "octocat" });
  await github.control.apply("requestReviewer", { ...on, reviewer: "ann" });
  await github.control.apply("editPull", { ...on, title: "After" });
  // A new process has a token with the permissions of now.
  const blind = syncOptions(store, github, budget, clock);
  expect(await setting.sync("full", { options: blind })).toMatchObject({ status: "completed" });
  expect(await stored(database)).toEqual({
    title: "After",
    checks_state: "success",
    requested: ["team core", "user ann"],
  });

  // With the permission it is seen that nobody asks the team any more, and that the new head has no checks.
  await github.control.apply("acceptPermissions", {
    installation: Number(installationId),
    permissions: APP_PERMISSIONS,
  });
  github.simulation.clock.advance(5);
  await github.control.apply("unrequestReviewer", { ...on, team: "core" });
  pull.checks = null;
  const seeing = syncOptions(store, github, budget, clock);
  await setting.sync("full", { options: seeing });
  expect(await stored(database)).toEqual({ title: "After", checks_state: null, requested: ["user ann"] });
});

it("GitHub answers FORBIDDEN beside null for missing permissions, and refuses to request a team", async () => {
  database = await createDatabase({ poolSize: 4 });
  setting = await syncSetting(database.store, { generate: { seed: 3, repositories: 1, pulls: 1, issues: 0 } });
  const { github, installationId, budget, clock } = setting;
  const { organisation } = github.simulation;
  organisation.teams.push({ kind: "team", id: 7001, slug: "core", name: "Core", members: [] });
  const [repository] = organisation.repositories.values();
  const [pull] = repository?.pulls.values() ?? [];
  if (!repository || !pull) throw new Error("nothing was generated");
  const on = { repository: `acme/${repository.name}`, number: pull.number };
  await github.control.apply("requestReviewer", { ...on, team: "core" });
  const { members: _members, checks: _checks, ...less } = APP_PERMISSIONS;
  await github.control.apply("acceptPermissions", { installation: Number(installationId), permissions: less });
  const client = syncOptions(database.store, github, budget, clock).client(installationId);
  const { data, problems } = await ask(client, GET_PULL_REQUEST_DETAILS, {
    ids: [nodeId(pull)],
    ...FIRST_OF_PULL_REQUEST,
  });
  const nodes = data.nodes[0]?.reviewRequests?.nodes ?? [];
  expect(nodes.filter(({ requestedReviewer }) => requestedReviewer === null)).toHaveLength(1);
  expect(problems.map(({ kind, path }) => `${kind} ${path.at(-1)}`).sort()).toEqual([
    "forbidden requestedReviewer",
    "forbidden statusCheckRollup",
  ]);
  const asking = client.rest("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
    owner: "acme",
    repo: repository.name,
    pull_number: pull.number,
    reviewers: [],
    team_reviewers: ["core"],
  });
  await expect(asking).rejects.toBeInstanceOf(ForbiddenError);
});
