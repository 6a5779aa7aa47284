import { expect, test } from "vitest";
import { levelOf } from "../../src/health/level.js";
import type { CheckName } from "../../src/health/reading.js";
import { pauseWrites, resumeWrites } from "../../src/store/effects/switch.js";
import { storeStanding } from "../../src/store/health/standings.js";
import { withDatabase } from "../support/database.js";
import { bearer, openApi } from "../web/api-setting.js";

const { store } = await withDatabase();
const TOKEN = "an-operator-token-for-tests";
const NOW = new Date("2026-01-01T12:00:00Z");

function put(check: CheckName, installationId: bigint | null, rank: number): Promise<void> {
  const words = { reason: "seen", remedy: rank === 0 ? null : "mend it", value: 1, pending: null, unread: null };
  return storeStanding(store.sql, installationId, check, {
    level: levelOf(rank),
    since: NOW,
    checkedAt: NOW,
    ...words,
  });
}

const api = openApi(store, { now: () => NOW, adminToken: TOKEN });

async function get(query = "", token = TOKEN, method = "GET") {
  const response = await api.ask(`/health${query}`, { method, headers: bearer(token) });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

const install = (id: number) =>
  store.sql.query(
    `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
     VALUES ($1, 'acme', 'Organization', $2, '')`,
    [id, NOW],
  );

test("shows the app and its installations; 503 is for monitors that read no JSON", async () => {
  expect(await get()).toMatchObject({ status: 200, body: { state: "unknown", app: [] } });
  await put("queue", null, 0);
  await install(7);
  await put("quota", 7n, 1);
  expect(await get()).toMatchObject({
    status: 200,
    body: {
      state: "degraded",
      app: [{ check: "queue", state: "healthy", since: NOW.toISOString() }],
      installations: [{ id: "7", state: "degraded", checks: [{ check: "quota", remedy: "mend it" }] }],
    },
  });
  await install(8);
  await put("quota", 8n, 3);
  expect((await get()).status).toBe(503);
  // Whoever asks for one installation is told of that one and of the app.
  expect(await get("?installation=7")).toMatchObject({ status: 200, body: { installations: [{ id: "7" }] } });
});

test("shows where writes are paused, and is degraded by it", async () => {
  await store.sql.query("TRUNCATE health_checks");
  await put("queue", null, 0);
  await pauseWrites(store.sql, 7n, "a mess");
  const paused = { installation: "7", account: "acme", reason: "a mess" };
  expect(await get()).toMatchObject({ status: 200, body: { state: "degraded", writesPaused: [paused] } });
  await resumeWrites(store.sql, 7n);
  expect(await get()).toMatchObject({ status: 200, body: { state: "healthy", writesPaused: [] } });
  await pauseWrites(store.sql, "everywhere", "a mess");
  const everywhere = { installation: null, account: null, reason: "a mess" };
  expect(await get("?installation=7")).toMatchObject({ body: { state: "degraded", writesPaused: [everywhere] } });
  await resumeWrites(store.sql, "everywhere");
});

test("an unknown installation is not found, and the existing ones are named", async () => {
  await install(71);
  const { status, body } = await get("?installation=77");
  expect([status, JSON.stringify(body)]).toEqual([
    404,
    expect.stringMatching(/You see no installation 77\. You see: .*71 \(acme\)/),
  ]);
  await store.sql.query("UPDATE installations SET deleted_at = now() WHERE id = 71");
  expect((await get("?installation=71")).status).toBe(404);
});

test.each([
  ["another token", "", "x".repeat(20), "GET", 401],
  ["an installation that is none", "?installation=acme", TOKEN, "GET", 400],
  ["another method", "", TOKEN, "POST", 405],
])("refuses %s", async (_what, query, token, method, status) => {
  expect((await get(query, token, method)).status).toBe(status);
});
