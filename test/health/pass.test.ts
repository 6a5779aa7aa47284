import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GitHubClient } from "../../src/github/client.js";
import type { CheckName } from "../../src/health/reading.js";
import { type HealthPass, healthPass } from "../../src/jobs/health/pass.js";
import { readChecks } from "../../src/store/health/standings.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { healthSetting, type HealthSetting } from "./setting.js";

const never = new AbortController().signal;
let database: TestDatabase;
let setting: HealthSetting;

beforeEach(async () => {
  database = await createDatabase();
  setting = await healthSetting(database.store);
  // Time passes only where a test says so.
  setting.github.simulation.clock.stop(new Date());
});
afterEach(async () => {
  await setting.github.close();
  await database.drop();
});

const faults = (on: object) => setting.github.control.run("faults", on);
const sql = (text: string, values: readonly unknown[] = []) => database.store.sql.query(text, values);

/** A pass, five minutes after the last one. */
async function look(more: Partial<HealthPass> = {}) {
  setting.github.simulation.clock.advance(300);
  return healthPass({ ...setting.pass, ...more }, never);
}

/** The states as stored: `app/queue` or `acme/quota`. */
async function states(): Promise<Readonly<Record<string, string>>> {
  const checks = await readChecks(database.store.sql);
  return Object.fromEntries(
    checks.map(({ account, check, standing }) => [`${account ?? "app"}/${check}`, standing.level.state]),
  );
}

async function standing(name: CheckName, account: string | null = "acme") {
  const found = (await readChecks(database.store.sql)).find((each) => each.check === name && each.account === account);
  if (!found) throw new Error(`no ${name}`);
  return found.standing;
}

const alerts = () => sql("SELECT dedupe_key AS key, status, severity, reopened FROM alerts ORDER BY id");

test("a system that is well: every check of both scopes, at one call an installation beside its token", async () => {
  await look();
  setting.github.simulation.log.clear();
  await look();
  expect(await states()).toEqual({
    "app/api": "healthy",
    "app/authentication": "healthy",
    "app/database": "healthy",
    "app/drift": "healthy",
    "app/inbox": "healthy",
    "app/queue": "healthy",
    "app/webhooks": "healthy",
    "app/workers": "healthy",
    "acme/api": "healthy",
    "acme/authentication": "healthy",
    "acme/quota": "healthy",
    "acme/sync": "healthy",
  });
  expect(Object.fromEntries(setting.github.simulation.log.counts)).toEqual({
    "GET /app": 1,
    "GET /app/hook/config": 1,
    "GET /app/hook/deliveries": 1,
    "GET /app/installations": 1,
    "GET /rate_limit": 1,
  });
  expect(await alerts()).toEqual([]);
});

/** GitHub's answers take so long, by the clock of the pass. */
function taking(seconds: number): Partial<HealthPass> {
  const { pass, github } = setting;
  const slow = <C extends Pick<GitHubClient, "rest">>(client: C): C => ({
    ...client,
    rest(...call: Parameters<GitHubClient["rest"]>) {
      github.simulation.clock.advance(seconds);
      return client.rest(...call);
    },
  });
  return { app: slow(pass.app), client: (id) => slow(pass.client(id)) };
}

test("the second slow pass raises one alert, the App's own, and the second fast one resolves it", async () => {
  await look(taking(1.9));
  expect(await look(taking(2.1))).toMatchObject({ changed: 0 });
  expect(await standing("api")).toMatchObject({
    level: { state: "healthy" },
    pending: { level: { state: "degraded" } },
    value: 2.1,
  });
  expect(await look(taking(2.1))).toMatchObject({ changed: 2 });
  expect(await standing("api")).toMatchObject({ level: { state: "degraded", alert: true } });
  const raised = [{ key: "health/app/api", status: "open", severity: "warning", reopened: 0 }];
  expect(await alerts()).toEqual(raised);
  await look();
  expect(await alerts()).toEqual(raised);
  await look();
  expect((await alerts()).map(({ status }) => status)).toEqual(["resolved"]);
});

test("what flaps raises one alert and not one for each time", async () => {
  const queueReady = (away: boolean) => ({ queueReady: () => Promise.resolve(away ? "no Redis" : null) });
  for (let turn = 0; turn < 8; turn += 1) await look(queueReady(turn % 2 === 0));
  expect(await alerts()).toEqual([]);
  // Twice away, twice back, again and again, within the quiet time: one incident.
  for (let turn = 0; turn < 8; turn += 1) await look(queueReady(turn % 4 < 2));
  expect(await alerts()).toEqual([{ key: "health/app/queue", status: "resolved", severity: "warning", reopened: 1 }]);
});

test("a quota under 20 % is degraded, under 10 % an alert, under 5 % unhealthy", async () => {
  const seen: unknown[] = [];
  for (const rest of [4_900, 900, 400, 200]) {
    await setting.github.control.run("remaining", { rest });
    await look();
    await look();
    const open = (await alerts()).map(({ severity }) => severity);
    seen.push([(await standing("quota")).level.state, open]);
  }
  expect(seen).toEqual([
    ["healthy", []],
    ["degraded", []],
    ["degraded", ["warning"]],
    ["unhealthy", ["critical"]],
  ]);
});

describe("an installation", () => {
  test("that is suspended is unhealthy, and is not called", async () => {
    const [installation] = setting.github.simulation.organisation.installations.values();
    await setting.github.control.apply("suspendInstallation", { installation: installation?.id ?? 0 });
    await sql("UPDATE installations SET suspended_at = now()");
    await look();
    await look();
    expect(await standing("authentication")).toMatchObject({
      level: { state: "unhealthy" },
      reason: "the App is suspended on acme",
    });
    expect([...setting.github.simulation.log.counts.keys()]).not.toContain("GET /rate_limit");
    expect((await alerts())[0]).toMatchObject({ severity: "critical" });
  });

  test("that is suspended in trouble is told of its suspension alone, and of its trouble when it is back", async () => {
    await look();
    await setting.github.control.run("remaining", { rest: 10 });
    await look();
    await look();
    const [installation] = setting.github.simulation.organisation.installations.values();
    const which = { installation: installation?.id ?? 0 };
    const quotaKey = `health/${which.installation}/quota`;
    const open = async () => (await alerts()).filter(({ status }) => status === "open").map(({ key }) => key);
    expect(await open()).toEqual([quotaKey]);
    await setting.github.control.apply("suspendInstallation", which);
    await look();
    await look();
    expect(await open()).toEqual([`health/${which.installation}/authentication`]);
    expect(await states()).not.toHaveProperty("acme/quota");
    expect(await states()).not.toHaveProperty("acme/sync");
    await setting.github.control.apply("unsuspendInstallation", which);
    await look();
    await look();
    expect(await open()).toEqual([quotaKey]);
  });

  test("that lacks a permission is degraded, and its owner is told where to grant it", async () => {
    const wanted = { ...setting.pass.wanted, permissions: { ...setting.pass.wanted.permissions, secrets: "read" } };
    await look({ wanted });
    await look({ wanted });
    const { reason, remedy } = await standing("authentication");
    expect(reason).toBe("acme has not granted secrets: read");
    expect(remedy).toMatch(/organizations\/acme\/settings\/installations\/\d+ and accept/);
  });

  test("that is over is forgotten, and so is its alert", async () => {
    await look();
    await setting.github.control.run("remaining", { rest: 10 });
    await look();
    await look();
    expect((await alerts()).map(({ status }) => status)).toEqual(["open"]);
    await sql("UPDATE installations SET deleted_at = now()");
    await look();
    expect((await alerts()).map(({ status }) => status)).toEqual(["resolved"]);
    expect(Object.keys(await states()).filter((name) => name.startsWith("acme"))).toEqual([]);
  });
});

test("a refused key is one incident and not one for each installation", async () => {
  await look();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const other = await createDatabase();
  const refused = await healthSetting(other.store, { accounts: 3, privateKey: pem });
  try {
    for (let turn = 0; turn < 2; turn += 1) await healthPass(refused.pass, never);
    expect(await other.store.sql.query("SELECT dedupe_key, kind FROM alerts")).toEqual([
      { dedupe_key: "health/app/authentication", kind: "authentication" },
    ]);
    const unread = await other.store.sql.query(
      "SELECT unread_because FROM health_checks WHERE unread_because IS NOT NULL",
    );
    expect(unread.length).toBeGreaterThanOrEqual(4);
    expect([...refused.github.simulation.log.counts.keys()]).toEqual(["GET /app"]);
  } finally {
    await refused.github.close();
    await other.drop();
  }
});

test("a GitHub that does not answer is one incident, and leaves what it cannot tell as it was", async () => {
  await look();
  await faults({ reset: 1 });
  await look();
  await look();
  expect((await alerts()).map(({ key }) => key)).toEqual(["health/app/api"]);
  expect(await standing("quota")).toMatchObject({ level: { state: "healthy" } });
  expect((await standing("webhooks", null)).unread).toMatch(/could not be asked/);
});

describe("our own parts, as the tables tell", () => {
  const minutesAgo = (minutes: number): Date =>
    new Date(setting.github.simulation.clock.now().getTime() - minutes * 60_000);
  const job = (more: string, values: readonly unknown[]) =>
    sql(
      `INSERT INTO jobs (queue, name, payload, max_attempts, status, key, run_at, locked_until, finished_at)
       VALUES ('sync', 'refresh', '{}', 3, ${more})`,
      values,
    );
  const delivery = (status: string, at: Date) =>
    sql(
      `INSERT INTO deliveries (guid, event, content_type, body_bytes, status, received_at, run_at, locked_until)
       VALUES (gen_random_uuid()::text, 'push', 'application/json', 0, $1, $2, $2, $2)`,
      [status, at],
    );

  test.each<readonly [CheckName, string, () => Promise<unknown>, RegExp]>([
    [
      "queue",
      "an old job that is due",
      () => job("'waiting', 'a', $1, NULL, NULL", [minutesAgo(40)]),
      /1 jobs are due, the oldest for 5\d min/,
    ],
    ["workers", "a lease that ended", () => job("'running', 'a', $1, $1, NULL", [minutesAgo(15)]), /1 leases ended/],
    ["workers", "a delivery's lease that ended", () => delivery("processing", minutesAgo(15)), /1 leases ended/],
    ["inbox", "a delivery that nobody took", () => delivery("received", minutesAgo(15)), /1 deliveries wait/],
    ["inbox", "a retry that is overdue", () => delivery("retry", minutesAgo(15)), /1 deliveries wait/],
    [
      "drift",
      "an old loss",
      () =>
        sql(
          `INSERT INTO drift_ledger (guid, event, cause, status_code, detail, attempt_id, lost_at, found_at)
           VALUES ('g', 'push', 'not-delivered', 502, '', 1, $1, $1)`,
          [minutesAgo(300)],
        ),
      /1 of them are not made good yet/,
    ],
    [
      "drift",
      "no comparison for hours",
      () =>
        sql(
          `INSERT INTO jobs (queue, name, payload, max_attempts, status, key, finished_at)
           VALUES ('health', 'recovery', '{}', 3, 'done', 'app', $1)`,
          [minutesAgo(200)],
        ),
      /compared with GitHub 3\.\d h ago/,
    ],
  ])("%s: %s", async (check, _what, plant, reason) => {
    await look();
    await plant();
    await look();
    await look();
    const { level, reason: said } = await standing(check, null);
    expect(level.state).toBe("unhealthy");
    expect(said).toMatch(reason);
  });

  test("work that is held up by its own key, or not due yet, does not wait", async () => {
    await job("'waiting', 'a', $1, NULL, NULL", [minutesAgo(40)]);
    await job("'running', 'a', $1, $2, NULL", [minutesAgo(40), minutesAgo(-60)]);
    await job("'waiting', 'b', $1, NULL, NULL", [minutesAgo(-60)]);
    await look();
    expect(await standing("queue", null)).toMatchObject({ level: { state: "healthy" }, reason: "nothing waits" });
  });

  test("sync: how long ago the whole was read, and which repository cannot be", async () => {
    const [installation] = await sql("SELECT id FROM installations");
    const id = installation?.["id"];
    const run = (status: string, minutes: number, mode = "incremental") =>
      sql(
        `INSERT INTO sync_runs (installation_id, mode, requested_by, status, created_at, finished_at)
         VALUES ($1, $2, 'test', $3, $4, $4)`,
        [id, mode, status, minutesAgo(minutes)],
      );
    await run("completed", 100);
    await run("completed", 1, "spot");
    await run("failed", 1);
    await look();
    await look();
    expect(await standing("sync")).toMatchObject({ level: { state: "unhealthy" } });
    expect((await standing("sync")).reason).toMatch(/^complete 11\d min ago$/);
    await run("completed-with-warnings", 1);
    await sql(
      "INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash) VALUES (5, $1, 'acme', 'bad', 'acme/bad', now(), '')",
      [id],
    );
    await sql(
      "INSERT INTO sync_cursors (installation_id, repository_id, entity, lane, status) VALUES ($1, 5, 'issues', 'x', 'failed')",
      [id],
    );
    await look();
    await look();
    expect((await standing("sync")).reason).toMatch(/1 repositories cannot be read: acme\/bad/);
  });
});
