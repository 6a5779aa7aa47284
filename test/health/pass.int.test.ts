import { generateKeyPairSync } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import type { GitHubClient } from "../../src/github/client.js";
import { type HealthPass, healthPass } from "../../src/jobs/health/pass.js";
import { createDatabase } from "../support/database.js";
import { never, passes } from "./passes.js";
import { healthSetting, type HealthSetting } from "./setting.js";

const { now, look, states, standing, alerts } = passes();
let setting: HealthSetting;
beforeEach(() => {
  setting = now();
});

test("a system that is well: every check of both scopes, at one call an installation beside its token", async () => {
  await look();
  setting.github.simulation.log.clear();
  await look();
  expect(await states()).toEqual({
    "app/api": "healthy",
    "app/authentication": "healthy",
    "app/database": "healthy",
    // Nothing has compared the deliveries here.
    "app/drift": "unknown",
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

test("a flapping check raises one alert", async () => {
  const queueReady = (away: boolean) => ({ queueReady: () => Promise.resolve(away ? "no Redis" : null) });
  await look(queueReady(false));
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
      "SELECT unread_reason FROM health_checks WHERE unread_reason IS NOT NULL",
    );
    expect(unread.length).toBeGreaterThanOrEqual(4);
    expect([...refused.github.simulation.log.counts.keys()]).toEqual(["GET /app"]);
  } finally {
    await refused.github.close();
    await other.drop();
  }
});

test("an unavailable GitHub is one incident, and keeps the states that cannot be read", async () => {
  await look();
  await setting.github.control.run("faults", { reset: 1 });
  await look();
  await look();
  expect((await alerts()).map(({ key }) => key)).toEqual(["health/app/api"]);
  expect(await standing("quota")).toMatchObject({ level: { state: "healthy" } });
  expect((await standing("webhooks", null)).unread).toMatch(/could not be reached/);
});
