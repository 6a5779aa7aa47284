import { expect, test } from "vitest";
import { raiseAlert } from "../../src/store/alerts/raise-alert.js";
import { slackSink } from "../../src/alerts/sinks/slack-sink.js";
import { withDatabase } from "../support/database.js";
import { bearer, openApi } from "../web/api-setting.js";
import { incident, MINUTE, StillClock, tell } from "./setting.js";

const TOKEN = "a token of the operator, long enough";
const { store } = await withDatabase();
const api = openApi(store, { adminToken: TOKEN });

await store.sql.query(
  `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
   VALUES (7, 'acme', 'Organization', now(), ''), (8, 'umbrella', 'Organization', now(), '')`,
);

const ask = (query = "", token = TOKEN) => api.ask(`/alerts${query}`, { headers: bearer(token) });

test("lists incidents, open ones first, and unsent alerts with the reason", async () => {
  const clock = new StillClock();
  await raiseAlert(store.sql, incident({ installationId: 7n }), clock.now());
  await raiseAlert(store.sql, incident({ key: "health/8/quota", installationId: 8n }), clock.now());
  await raiseAlert(store.sql, incident({ key: "health/workers", installationId: null }), clock.now());
  clock.pass(MINUTE);
  await tell(store, clock, [slackSink({ url: "http://127.0.0.1:1/hook", clock })]);
  const response = await ask("?installation=7");
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    alerts: [{ installation: null }, { installation: "7", key: "health/7/quota", remedy: "Wait for the reset" }],
    unsent: [
      { alert: "1", sink: "slack", attempts: 1 },
      { alert: "3", sink: "slack" },
    ],
  });
  expect(await (await ask()).json()).toMatchObject({
    alerts: [{ installation: null }, { installation: "8" }, { installation: "7" }],
    unsent: [{ alert: "1" }, { alert: "2" }, { alert: "3" }],
  });
});

test("for the operator only, and answers an invalid question with an error", async () => {
  expect((await ask("", "wrong")).status).toBe(401);
  expect((await ask("?installation=x")).status).toBe(400);
  expect((await ask("?installation=9")).status).toBe(404);
});
