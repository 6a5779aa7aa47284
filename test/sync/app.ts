import { startGitHub, type RunningGitHub } from "../../demo/github/index.js";
import { readConfig } from "../../src/config.js";
import { createLog } from "../../src/log.js";
import { start } from "../../src/main.js";
import { untilFinished } from "../crash/setting.js";
import type { TestDatabase } from "../support/database.js";

/** The environment of the app and of its commands. */
export function environmentOf(github: RunningGitHub, databaseUrl: string): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl,
    PORT: "0",
    HOST: "127.0.0.1",
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
  };
}

/** The whole app, and a simulated GitHub that delivers to it. */
export async function startApp(
  database: TestDatabase,
  options: { readonly hour?: number; readonly sweepMs?: number; readonly adminToken?: string } = {},
) {
  const { hour, sweepMs, adminToken } = options;
  const github = await startGitHub(hour === undefined ? {} : { limits: { hour } });
  const app = await start({
    config: readConfig({
      ...environmentOf(github, database.url),
      ...(adminToken === undefined ? {} : { ADMIN_TOKEN: adminToken }),
    }),
    credentials: { appId: github.appId, privateKey: github.privateKey, webhookSecrets: [github.webhookSecret] },
    log: createLog({ level: "silent" }),
    ...(sweepMs === undefined ? {} : { sweepMs }),
  });
  await github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  return {
    github,
    app,
    /** Installs the App; resolves when the first sync is done. */
    async install() {
      await github.control.apply("install", {});
      await github.control.run("idle", {});
      await untilFinished(database.store.sql, 60_000);
    },
    async close() {
      await app.close();
      await github.close();
    },
  };
}
