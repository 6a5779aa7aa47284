import { createServer, get } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { ConfigError } from "../errors.js";
import { createLog } from "../log.js";
import { createProbes, type Readiness } from "./probes.js";
import { firstOf, listen } from "./server.js";

const log = createLog({ level: "silent" });
const TOKEN = "a token for tests";

async function serve(checks: readonly Readiness[]) {
  const server = await listen(createServer(firstOf([createProbes({ checks, tokens: [undefined, TOKEN], log })])), {
    host: "127.0.0.1",
    port: 0,
  });
  onTestFinished(() => server.close(0));
  return server;
}

const good: Readiness = { name: "database", required: true, check: () => Promise.resolve(null) };
const away: Readiness = {
  name: "queue",
  required: false,
  check: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:6379")),
};

async function readyz(checks: readonly Readiness[], headers: Readonly<Record<string, string>> = {}) {
  const { url } = await serve(checks);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const response = await fetch(`${url}/readyz`, { headers });
  return [response.status, await response.json()];
}

it("is alive and ready when everything answers", async () => {
  expect(await readyz([good])).toEqual([200, { ready: true, state: "ready", checks: { database: "ok" } }]);
});

it("is ready and degraded without an optional dependency", async () => {
  const checks = { database: "ok", queue: "failed" };
  expect(await readyz([good, away])).toEqual([200, { ready: true, state: "degraded", checks }]);
});

it("is alive but not ready without a required dependency", async () => {
  const checks = { database: "ok", queue: "failed" };
  expect(await readyz([good, { ...away, required: true }])).toEqual([
    503,
    { ready: false, state: "not ready", checks },
  ]);
});

it.each([
  ["strangers", {}, "failed"],
  ["a bearer of another token", { authorization: "Bearer another token" }, "failed"],
  ["a bearer of a token of ours", { authorization: `Bearer ${TOKEN}` }, "connect ECONNREFUSED 10.0.0.7:6379"],
])("shows %s only what they may see", async (_who, headers, said) => {
  expect(await readyz([away], headers)).toMatchObject([200, { checks: { queue: said } }]);
});

it("answers 405 to another method and 404 to another path", async () => {
  const { url } = await serve([]);
  expect((await fetch(`${url}/healthz`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
});

it("answers targets that are not URLs", async () => {
  const server = await listen(createServer(firstOf([])), { host: "127.0.0.1", port: 0 });
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
