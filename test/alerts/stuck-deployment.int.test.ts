import { beforeEach, expect, test } from "vitest";
import { watchForIncidents } from "../../src/alerts/watch.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { openAlerts } from "../../src/store/alerts/list-alerts.js";
import { withDatabase } from "../support/database.js";
import { MINUTE, StillClock } from "./setting.js";

const { store } = await withDatabase();
const { sql } = store;
const clock = new StillClock();

beforeEach(async () => {
  await sql.query("TRUNCATE alerts, alert_notices, installations RESTART IDENTITY");
  await sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
     VALUES (7, 'acme', 'Organization', $1, '')`,
    [clock.now()],
  );
});

const watch = () => watchForIncidents({ store, clock, policy: ALERT_POLICY, serverUrl: "https://github.example" });
const keys = async () => (await openAlerts(sql)).map(({ key }) => key);

const attempts: readonly [string, readonly (readonly [string, number])[], boolean][] = [
  ["in progress for two hours", [["in_progress", 120]], true],
  ["in progress for some minutes", [["in_progress", 20]], false],
  ["waiting for an approval", [["waiting", 120]], false],
  [
    "that succeeded, whatever came before",
    [
      ["in_progress", 120],
      ["success", 100],
    ],
    false,
  ],
  ["without a status", [], false],
];
test.each(attempts)("a deployment %s", async (_name, statuses, stuck) => {
  const at = (minutes: number): Date => new Date(clock.now().getTime() - minutes * MINUTE);
  await sql.query("TRUNCATE repositories, deployments, deployment_statuses");
  await sql.query(
    `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
     VALUES (5, 7, 'acme', 'shop', 'acme/shop', now(), '')`,
  );
  await sql.query(
    `INSERT INTO deployments (id, installation_id, repository_id, sha, ref, task, environment, created_at, updated_at, content_hash)
     VALUES (1, 7, 5, 'a', 'main', 'deploy', 'production', $1, $1, '')`,
    [at(130)],
  );
  for (const [index, [state, minutes]] of statuses.entries())
    await sql.query(
      `INSERT INTO deployment_statuses (id, installation_id, repository_id, deployment_id, state, created_at, updated_at, content_hash)
       VALUES ($1, 7, 5, 1, $2, $3, $3, '')`,
      [index, state, at(minutes)],
    );
  await watch();
  expect(await keys()).toEqual(stuck ? ["watch/stuck-deployment/7/acme/shop/production"] : []);
  await sql.query("TRUNCATE repositories, deployments, deployment_statuses");
});
