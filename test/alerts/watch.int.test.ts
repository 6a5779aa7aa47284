import { beforeEach, expect, test } from "vitest";
import { watchForIncidents } from "../../src/alerts/watch.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import { slackSink } from "../../src/alerts/sinks/slack-sink.js";
import { latestAlerts, openAlerts } from "../../src/store/alerts/list-alerts.js";
import { raiseAlert } from "../../src/store/alerts/raise-alert.js";
import { withDatabase } from "../support/database.js";
import { startReceiver } from "./receiver.js";
import { incident, MINUTE, StillClock, tell } from "./setting.js";

const { store } = await withDatabase();
const { sql } = store;
let clock = new StillClock();

beforeEach(async () => {
  clock = new StillClock();
  await sql.query("TRUNCATE alerts, alert_notices, jobs, deliveries, sync_runs, installations RESTART IDENTITY");
  await sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
     SELECT id, 'acme', 'Organization', $1, '' FROM unnest(ARRAY[7, 8]::bigint[]) id`,
    [clock.now()],
  );
});

const watch = () => watchForIncidents({ store, clock, policy: ALERT_POLICY, serverUrl: "https://github.example" });
const keys = async () => (await openAlerts(sql)).map(({ key }) => key);

interface JobRow {
  readonly status: string;
  readonly name?: string;
  readonly queue?: string;
  readonly kind?: string;
  readonly attempts?: number;
  readonly runInMs?: number;
  readonly key?: string;
  readonly delivery?: string;
}

let jobs = 0;
async function job(row: JobRow) {
  const { status, name = "review", queue = "sync", kind = "network", attempts = 1, runInMs = 0, delivery } = row;
  const { key = String((jobs += 1)) } = row;
  const at = new Date(clock.now().getTime() + runInMs);
  await sql.query(
    `INSERT INTO jobs (installation_id, queue, name, key, payload, status, attempts, max_attempts, run_at, finished_at, error_kind, error, delivery_guid)
     VALUES (7, $1, $2, $3, '{}', $4, $5, 8, $6, $7, $8, 'GitHub answered 502', $9)`,
    [queue, name, key, status, attempts, at, status === "waiting" ? null : clock.now(), kind, delivery],
  );
}

test("opens no incident without a problem", async () => {
  await job({ status: "done" });
  await job({ status: "waiting", attempts: 2 });
  await watch();
  expect(await keys()).toEqual([]);
});

test("dead letters of one job are one incident, and it is over when they are replayed", async () => {
  for (let n = 0; n < 3; n += 1) await job({ status: "failed", kind: n === 0 ? "unknown" : "network" });
  await watch();
  await watch();
  const [alert] = await openAlerts(sql);
  expect(alert).toMatchObject({
    key: "watch/dead-letter/review/7",
    occurrences: 3,
    title: "Given up: review for acme",
  });
  await sql.query("UPDATE jobs SET status = 'done'");
  await watch();
  expect(await keys()).toEqual([]);
});

test("a dead letter without a delivery resolves when the same work succeeds later, and has its own remedy", async () => {
  await job({ status: "done", name: "recovery", key: "app" });
  clock.pass(MINUTE);
  await job({ status: "failed", name: "recovery", key: "app" });
  clock.pass(MINUTE);
  await job({ status: "done", name: "recovery", key: "another" });
  await job({ status: "failed", name: "recovery", key: "app" });
  await watch();
  const [alert] = await openAlerts(sql);
  expect(alert).toMatchObject({ key: "watch/dead-letter/recovery/7", occurrences: 2 });
  expect(alert?.remedy).toContain("The incident ends when the work succeeds");
  clock.pass(MINUTE);
  await job({ status: "done", name: "recovery", key: "app" });
  await watch();
  expect(await keys()).toEqual([]);
  expect(await latestAlerts(sql, null, 1)).toMatchObject([{ status: "resolved", lapsed: false }]);
});

test("a dead letter of a delivery is over with its replay only, and its remedy names the latest delivery", async () => {
  for (const delivery of ["guid-1", "guid-2"]) await job({ status: "failed", key: "pull:1", delivery });
  clock.pass(MINUTE);
  await job({ status: "done", key: "pull:1", delivery: "guid-3" });
  await watch();
  const [alert] = await openAlerts(sql);
  expect(alert?.remedy).toContain("'companyos-github replay guid-2'");
});

test("watches an unreplayed dead letter for a day, and does not count it as fixed", async () => {
  await job({ status: "failed" });
  await watch();
  clock.pass(24 * 60 * MINUTE);
  await watch();
  expect(await keys()).toEqual([]);
  expect(await latestAlerts(sql, null, 1)).toMatchObject([{ status: "resolved", lapsed: true }]);
});

test("reports only fixed problems as recovered", async () => {
  const receiver = await startReceiver();
  const slack = slackSink({ url: receiver.url, clock });
  const heard = () => receiver.received.map(({ body }) => body).at(-1) ?? "";
  for (const name of ["left", "mended"]) await job({ status: "failed", name, delivery: name });
  await watch();
  clock.pass(MINUTE);
  await tell(store, clock, [slack]);
  clock.pass(23 * 60 * MINUTE);
  await sql.query("UPDATE jobs SET status = 'done' WHERE name = 'mended'");
  await watch();
  clock.pass(ALERT_POLICY.quietMs);
  await tell(store, clock, [slack]);
  expect(heard()).toContain("*Recovered: Given up: mended for acme*");
  clock.pass(60 * MINUTE);
  await watch();
  clock.pass(ALERT_POLICY.quietMs);
  await tell(store, clock, [slack]);
  await receiver.close();
  expect(heard()).toContain("*No longer watched, not fixed: Given up: left for acme*");
  expect(heard()).toContain("its cause may still exist");
  expect(heard()).toContain("What to do: Run 'companyos-github explain");
  expect(heard()).not.toContain("Recovered");
});

test("an old failed sync and an agent that stopped after its failures have not recovered", async () => {
  await run("failed", 5);
  for (let n = 0; n < 4; n += 1) await job({ status: "failed", queue: "agents", name: "triage" });
  await watch();
  clock.pass(3 * 24 * 60 * MINUTE);
  await watch();
  const ended = (await latestAlerts(sql, null, 9)).map(({ key, lapsed }) => `${key} ${lapsed}`);
  expect(ended.sort()).toEqual([
    "watch/dead-letter/triage/7 true",
    "watch/failing-agent/triage true",
    "watch/stuck-sync/7/incremental true",
  ]);
});

test("deliveries that were given up are dead letters too", async () => {
  await sql.query(
    `INSERT INTO deliveries (guid, event, content_type, body_bytes, status, processed_at, error_kind, error, installation_id)
     VALUES ('g', 'push', 'application/json', 2, 'failed', $1, 'invalid', 'no ref', 8)`,
    [clock.now()],
  );
  await watch();
  expect(await keys()).toEqual(["watch/dead-letter/delivery of push/8"]);
});

test("reports the third failure in a row, by its kind", async () => {
  await job({ status: "waiting", name: "a", attempts: 3, kind: "network" });
  await job({ status: "waiting", name: "b", attempts: 3, kind: "unknown" });
  await watch();
  const found = (await openAlerts(sql)).map(({ key, kind }) => [key, kind]);
  expect(found).toEqual([
    ["watch/repeated-failures/a/7", "repeated-failures"],
    ["watch/repeated-failures/b/7", "unknown-error"],
  ]);
});

test("folds a problem of many installations into one incident; earlier ones stay until they recover", async () => {
  await sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
     SELECT id, 'org-' || id, 'Organization', $1, '' FROM generate_series(101, 150) id`,
    [clock.now()],
  );
  const failing = (from: number, to: number) =>
    sql.query(
      `INSERT INTO jobs (installation_id, queue, name, key, payload, status, attempts, max_attempts, error_kind, error)
       SELECT id, 'sync', 'sync', id, '{}', 'waiting', 3, 8, 'network', 'GitHub answered 502' FROM generate_series($1::int, $2::int) id`,
      [from, to],
    );
  await failing(101, 102);
  await watch();
  await failing(103, 150);
  await watch();
  await watch();
  expect(await openAlerts(sql)).toMatchObject([
    { key: "watch/repeated-failures/sync/101" },
    { key: "watch/repeated-failures/sync/102" },
    {
      key: "watch/repeated-failures/sync/many",
      title: "Fails repeatedly: sync for 48 installations",
      detail: "They are org-103, org-104, org-105 and 45 more. For org-103: Last error: GitHub answered 502",
      installationId: null,
      occurrences: 144,
    },
  ]);
  await sql.query("UPDATE jobs SET status = 'done' WHERE installation_id NOT IN (101, 104)");
  await watch();
  expect(await keys()).toEqual(["watch/repeated-failures/sync/101", "watch/repeated-failures/sync/many"]);
  await sql.query("UPDATE jobs SET status = 'done'");
  await watch();
  expect(await keys()).toEqual([]);
});

test("reports a refusal at once, once for each installation, with who can reconnect it and where", async () => {
  for (const name of ["review", "sync"]) await job({ status: "waiting", name, kind: "authentication" });
  await job({ status: "failed", name: "access", kind: "authentication" });
  await watch();
  const [alert, ...others] = await openAlerts(sql);
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ key: "watch/authentication/7", kind: "authentication", severity: "critical" });
  expect(alert?.remedy).toContain(
    "An owner of acme: open https://github.example/organizations/acme/settings/installations/7",
  );
});

const run = (
  status: string,
  created: number,
  more: { mode?: string; resume?: number; installation?: number; by?: string } = {},
) =>
  sql.query(
    `INSERT INTO sync_runs (installation_id, mode, requested_by, status, created_at, resume_at, reason)
     VALUES ($1, $2, $6, $3, $4, $5, 'no page was stored')`,
    [
      more.installation ?? 7,
      more.mode ?? "incremental",
      status,
      new Date(clock.now().getTime() - created * MINUTE),
      more.resume === undefined ? null : new Date(clock.now().getTime() - more.resume * MINUTE),
      more.by ?? "schedule",
    ],
  );

const syncs: readonly [string, Parameters<typeof run>, boolean][] = [
  ["failed", ["failed", 5], true],
  ["asked for an hour ago and not begun", ["waiting", 60], true],
  ["asked for a moment ago", ["waiting", 5], false],
  ["paused, its time has come", ["paused", 60, { resume: 11 }], true],
  ["paused until later", ["paused", 60, { resume: -30 }], false],
  ["running", ["running", 60], false],
  ["completed", ["completed", 60], false],
];
test.each(syncs)("a sync that is %s", async (_name, row, stuck) => {
  await run(...row);
  await watch();
  expect(await keys()).toEqual(stuck ? ["watch/stuck-sync/7/incremental"] : []);
});

test.each(["command line", "API"])("a failed spot sync requested by the %s is not stuck", async (by) => {
  await run("failed", 5, { mode: "spot", by });
  await watch();
  expect(await keys()).toEqual([]);
  await run("failed", 10, { mode: "incremental", by });
  await run("failed", 10, { mode: "spot", by: "recovery" });
  await watch();
  expect(await keys()).toEqual(["watch/stuck-sync/7/incremental", "watch/stuck-sync/7/spot"]);
  await run("waiting", 60, { mode: "spot", by });
  await sql.query("DELETE FROM sync_runs WHERE status = 'failed'");
  await watch();
  expect(await keys()).toEqual(["watch/stuck-sync/7/spot"]);
});

test("a sync that failed and then worked is not stuck; nor is one of an uninstalled app", async () => {
  await run("failed", 10);
  await run("completed", 5);
  await run("failed", 5, { installation: 8 });
  await sql.query("UPDATE installations SET deleted_at = now() WHERE id = 8");
  await watch();
  expect(await keys()).toEqual([]);
});

test("an agent fails when half of its latest runs did", async () => {
  for (let n = 0; n < 4; n += 1) await job({ status: n < 2 ? "failed" : "done", queue: "agents", name: "triage" });
  await watch();
  expect(await keys()).toContain("watch/failing-agent/triage");
  for (let n = 0; n < 3; n += 1) await job({ status: "done", queue: "agents", name: "triage" });
  await watch();
  expect(await keys()).not.toContain("watch/failing-agent/triage");
});

test("reports work that waits for a rate limit, and resolves when it ends", async () => {
  await job({ status: "waiting", kind: "rate-limit", runInMs: 30 * MINUTE, attempts: 0 });
  await watch();
  expect(await openAlerts(sql)).toMatchObject([{ key: "watch/rate-limit/7", severity: "info", kind: "rate-limit" }]);
  clock.pass(31 * MINUTE);
  await watch();
  expect(await keys()).toEqual([]);
});

test("ignores incidents of other sources", async () => {
  await raiseAlert(sql, incident({ kind: "authentication" }), clock.now());
  await watch();
  expect(await keys()).toEqual(["health/7/quota"]);
});
