import { expect, test } from "vitest";
import type { JobWakeUp } from "../../src/store/jobs/wake-up.js";
import { withDatabase } from "../support/database.js";
import { bearer, json, openApi } from "../web/api-setting.js";

const { store } = await withDatabase();
const TOKEN = "an-operator-token-for-tests";
const woken: JobWakeUp[] = [];

const api = openApi(store, { adminToken: TOKEN, wakeJobs: async (wakeUps) => void woken.push(...wakeUps) });
await store.sql.query(
  `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES (7, 'acme', 'Organization', now(), '')`,
);
await store.sql.query(
  `INSERT INTO installations (id, account_login, account_type, suspended_at, updated_at, content_hash)
   VALUES (9, 'asleep', 'Organization', now(), now(), '')`,
);

async function call(body: unknown, token = TOKEN, method = "POST"): Promise<{ status: number; body: unknown }> {
  const response = await api.ask(
    "/sync",
    method === "POST" ? json(body, bearer(token)) : { method, headers: bearer(token) },
  );
  return { status: response.status, body: await response.json() };
}

test("POST opens one run and wakes a worker; GET shows it", async () => {
  const first = await call({ installation: 7, full: true });
  expect(first).toMatchObject({ status: 202, body: { mode: "full", status: "waiting", installationId: "7" } });
  expect(woken).toHaveLength(1);
  // Asked twice, it is one run.
  expect((await call({ installation: 7, full: true })).body).toEqual(first.body);
  expect(woken).toHaveLength(1);
  expect(await call(null, TOKEN, "GET")).toMatchObject({ status: 200, body: { runs: [{ mode: "full" }] } });
});

test.each([
  ["another token", { installation: 7 }, "x".repeat(20), 401, /Bearer/],
  ["an unknown installation", { installation: 8 }, TOKEN, 404, /no installation 8\. You see: 7 \(acme\)/],
  ["a suspended installation", { installation: 9 }, TOKEN, 400, /installation 9 is suspended/],
  ["no installation", {}, TOKEN, 400, /id of an installation, a whole number.*at installation/],
  ["an installation that is no number", { installation: true }, TOKEN, 400, /a whole number.*at installation/],
  ["a repository that is none", { installation: 7, repository: "acme" }, TOKEN, 400, /owner\/name/],
  ["an unknown wish", { installation: 7, everything: true }, TOKEN, 400, /everything/],
])("refuses %s", async (_what, body, token, status, message) => {
  const answer = await call(body, token);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).toMatch(message);
});

test("of an installation that there is not, no runs are shown as if it had none", async () => {
  const response = await api.ask("/sync?installation=8", { headers: bearer(TOKEN) });
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("no installation 8")]);
});

test("a query without an installation is refused", async () => {
  const response = await api.ask("/sync?installation=abc", { headers: bearer(TOKEN) });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("a whole number")]);
});

test("refuses everything while no token is configured", async () => {
  const response = await openApi(store).ask("/sync", { headers: { authorization: "Bearer " } });
  expect([response.status, await response.text()]).toEqual([401, expect.stringContaining("ADMIN_TOKEN")]);
});
