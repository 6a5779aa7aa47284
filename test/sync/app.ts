import { startGitHub } from "../../simulator/index.js";
import { untilFinished } from "../crash/setting.js";
import { startBeside } from "../support/app.js";
import type { TestDatabase } from "../support/database.js";

/** The whole app, and a simulated GitHub that delivers to it. */
export async function startApp(
  database: TestDatabase,
  options: { readonly hour?: number; readonly sweepMs?: number; readonly adminToken?: string } = {},
) {
  const { hour, sweepMs, adminToken } = options;
  const github = await startGitHub(hour === undefined ? {} : { limits: { hour } });
  const app = await startBeside(github, database.url, {
    env: { ADMIN_TOKEN: adminToken },
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
