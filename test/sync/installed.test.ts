import { afterAll, expect, test } from "vitest";
import { startGitHub } from "../../demo/github/index.js";
import { readConfig } from "../../src/config.js";
import { createLog } from "../../src/log.js";
import { start } from "../../src/main.js";
import { untilFinished } from "../crash/setting.js";
import { withDatabase } from "../support/database.js";

/** The whole app: what was there before the App was installed is mirrored as soon as it is. */
test("installing the App mirrors the organisation's history", { timeout: 120_000 }, async () => {
  const database = await withHistory();
  const { sql } = database.store;
  expect(await sql.query("SELECT number, title FROM pull_requests")).toEqual([{ number: 1, title: "Before its time" }]);
  expect(await sql.query("SELECT number, title FROM issues")).toEqual([{ number: 2, title: "An old one" }]);
  const [run] = await sql.query("SELECT mode, status FROM sync_runs");
  expect(run).toEqual({ mode: "full", status: "completed" });
});

const github = await startGitHub();
afterAll(() => github.close());
const database = await withDatabase();

async function withHistory() {
  const { control } = github;
  await control.apply("createRepository", { repository: "acme/site" });
  await control.apply("openPull", { repository: "acme/site", title: "Before its time" });
  await control.apply("openIssue", { repository: "acme/site", title: "An old one" });
  const app = await start({
    config: readConfig({
      DATABASE_URL: database.url,
      PORT: "0",
      HOST: "127.0.0.1",
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    }),
    credentials: { appId: github.appId, privateKey: github.privateKey, webhookSecrets: [github.webhookSecret] },
    log: createLog({ level: "silent" }),
    sweepMs: 1_000,
  });
  try {
    await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    await control.apply("install", {});
    await control.run("idle", {});
    await untilFinished(database.store.sql, 60_000);
  } finally {
    await app.close();
  }
  return database;
}
