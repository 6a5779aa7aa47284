import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sendAlerts } from "../../src/alerts/send.js";
import type { AlertSink } from "../../src/alerts/sink.js";
import type { GitHubClient } from "../../src/github/client.js";
import { type HealthPass, healthPass } from "../../src/jobs/health/pass.js";
import { createLog } from "../../src/log.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { healthSetting, type HealthSetting } from "./setting.js";

const never = new AbortController().signal;
const INSTALLATIONS = 50;
const log = createLog({ level: "silent" });
let database: TestDatabase;
let setting: HealthSetting;
let heard: string[];

beforeAll(async () => {
  database = await createDatabase();
  setting = await healthSetting(database.store, { accounts: INSTALLATIONS });
  setting.github.simulation.clock.stop(new Date());
}, 60_000);
beforeEach(async () => {
  heard = [];
  await database.store.sql.query("TRUNCATE alerts, alert_notices, health_checks");
});
afterAll(async () => {
  await setting.github.close();
  await database.drop();
});

const sink: AlertSink = {
  name: "listener",
  most: 100,
  takesNotices: true,
  send(notices) {
    heard.push(...notices.map(({ alert, saying }) => `${saying} ${alert.severity}: ${alert.title}`));
    return Promise.resolve();
  },
};

/** A pass, five minutes after the last one, and what is told after it. */
async function look(more: Partial<HealthPass> = {}): Promise<void> {
  const { clock } = setting.github.simulation;
  clock.advance(300);
  await healthPass({ ...setting.pass, ...more }, never);
  clock.advance(60);
  await sendAlerts({ store: database.store, sinks: [sink], policy: setting.pass.policy, clock, log }, never);
}

/** What an installation's calls take, by the clock of the pass, and what the App's own do. */
function taking(installation: (id: bigint) => number, app: number): Partial<HealthPass> {
  const { pass, github } = setting;
  const slow = <C extends Pick<GitHubClient, "rest">>(client: C, seconds: number): C => ({
    ...client,
    rest(...call: Parameters<GitHubClient["rest"]>) {
      github.simulation.clock.advance(seconds);
      return client.rest(...call);
    },
  });
  // One at a time: they share the clock that the calls move.
  const spread = { ...pass.spread, atOnce: 1 };
  return { spread, app: slow(pass.app, app), client: (id) => slow(pass.client(id), installation(id)) };
}

async function ids(): Promise<readonly bigint[]> {
  const rows = await database.store.sql.query("SELECT id FROM installations ORDER BY id");
  return rows.map(({ id }) => BigInt(String(id)));
}

test("a slow GitHub is one incident of the App, reported once, with one recovery", async () => {
  const slow = taking(() => 3, 3);
  for (let pass = 0; pass < 4; pass += 1) await look(slow);
  expect(heard).toEqual(["opened warning: api is degraded"]);
  for (let pass = 0; pass < 6; pass += 1) await look();
  expect(heard).toEqual(["opened warning: api is degraded", "recovered warning: api is degraded"]);
});

test("new permissions that every owner must accept are one incident, until the last has", async () => {
  const permissions = { ...setting.pass.wanted.permissions, secrets: "read" };
  const wanted = { ...setting.pass.wanted, permissions };
  // The App asks for them already.
  const app: HealthPass["app"] = {
    ...setting.pass.app,
    async rest(...call) {
      const answer = await setting.pass.app.rest(...call);
      return call[0] === "GET /app" ? { ...answer, data: withPermissions(answer.data, permissions) } : answer;
    },
  };
  for (let pass = 0; pass < 3; pass += 1) await look({ wanted, app });
  expect(heard).toEqual(["opened warning: authentication is degraded for 50 installations"]);
  const [incident] = await database.store.sql.query("SELECT detail, remedy, installation_id FROM alerts");
  expect(incident?.["detail"]).toContain("acme, acme-1, acme-2 and 47 more");
  expect(incident?.["detail"]).toContain("has not granted secrets: read");
  expect(incident?.["remedy"]).toMatch(/organizations\/acme\/settings\/installations\/\d+/);
  expect(incident?.["installation_id"]).toBeNull();
  for (let pass = 0; pass < 6; pass += 1) await look();
  expect(heard.slice(1)).toEqual(["recovered warning: authentication is degraded for 50 installations"]);
});

test("reports a few separately and many as one more, and nothing twice", async () => {
  const [first, second, third] = await ids();
  await look(taking((id) => (id === first || id === second ? 6 : 0), 0));
  await look(taking((id) => (id === first || id === second ? 6 : 0), 0));
  expect(heard.sort()).toEqual([
    "opened critical: api is unhealthy for acme",
    "opened critical: api is unhealthy for acme-1",
  ]);
  heard = [];
  for (let pass = 0; pass < 3; pass += 1) await look(taking(() => 6, 0));
  expect(heard).toEqual(["opened critical: api is unhealthy for 48 installations"]);
  heard = [];
  // All but one are well again: it stays with the others' incident and is not told anew.
  for (let pass = 0; pass < 6; pass += 1) await look(taking((id) => (id === third ? 6 : 0), 0));
  expect(heard.sort()).toEqual([
    "recovered critical: api is unhealthy for acme",
    "recovered critical: api is unhealthy for acme-1",
  ]);
  heard = [];
  for (let pass = 0; pass < 6; pass += 1) await look();
  expect(heard).toEqual(["recovered critical: api is unhealthy for 1 installation"]);
});

function withPermissions(data: unknown, permissions: object): unknown {
  return typeof data === "object" && data !== null ? { ...data, permissions } : data;
}
