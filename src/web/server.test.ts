import { createServer, get } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { ConfigError } from "../errors.js";
import { createLog } from "../log.js";
import { UNTRACKED } from "../telemetry/error-tracker.js";
import { operatorPath } from "./operator.js";
import { createProbes, type Readiness } from "./probes.js";
import { firstOf, listen } from "./server.js";

const log = createLog({ level: "silent" });

async function serve(checks: readonly Readiness[]) {
  const server = await listen(createServer(firstOf([createProbes(checks)])), { host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close(0));
  return server;
}

it("is alive and ready when everything answers", async () => {
  const { url } = await serve([{ name: "database", check: () => Promise.resolve(null) }]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, checks: { database: "ok" } }]);
});

it("is alive but not ready when one check says no or throws", async () => {
  const { url } = await serve([
    { name: "database", check: () => Promise.reject(new Error("no connection")) },
    { name: "migrations", check: () => Promise.resolve("1 pending: run 'companyos-github migrate'") },
  ]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ready: false, checks: { database: "no connection", migrations: "1 pending: run 'companyos-github migrate'" } },
  ]);
});

it("answers 405 to another method and 404 to another path", async () => {
  const { url } = await serve([]);
  expect((await fetch(`${url}/healthz`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
});

it("answers what is no URL", async () => {
  const operator = operatorPath({ log, errors: UNTRACKED, adminToken: "x".repeat(20) }, "/api/x", {});
  const server = await listen(createServer(firstOf([operator])), { host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close(0));
  const { port } = new URL(server.url);
  const status = await new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "//" }, (response) => resolve(response.resume().statusCode)).on(
      "error",
      reject,
    );
  });
  expect(status).toBe(404);
});

it("names the port that is taken and the remedy", async () => {
  const { url } = await serve([]);
  const port = Number(new URL(url).port);
  const second = listen(createServer(), { host: "127.0.0.1", port });
  await expect(second).rejects.toThrow(ConfigError);
  await expect(second).rejects.toThrow(/PORT.*EADDRINUSE.*set another PORT/);
});
