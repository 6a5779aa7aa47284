import { startGitHub, type RunningGitHub } from "../../simulator/index.js";
import { readConfig } from "../../src/config.js";
import { requestHealthPass } from "../../src/jobs/health/health-job.js";
import { createLog } from "../../src/log.js";
import { start } from "../../src/main.js";
import { untilFinished } from "../crash/setting.js";
import { createDatabase, type TestDatabase } from "./database.js";
import type { Env } from "./doctor.js";

/** The app, running, installed on acme, and reached by a simulated GitHub. */
export interface System {
  readonly github: RunningGitHub;
  readonly database: TestDatabase;
  readonly installation: number;
  /** Where it listens. */
  url(): string;
  /** What its operator has in the environment. */
  env(): Env;
  /** Until GitHub has delivered everything and all of it is worked on. */
  settled(): Promise<void>;
  /** A look at its health, to its end. */
  look(): Promise<void>;
  /** Ends it and starts it again, with what is added to its environment. */
  restart(more: Env): Promise<void>;
  close(): Promise<void>;
}

/** Starts it with what is added to its environment, and lets it read acme/site. */
export async function startSystem(more: Env = {}): Promise<System> {
  const github = await startGitHub();
  const database = await createDatabase();
  const { appId, privateKey, webhookSecret } = github;
  const common = {
    DATABASE_URL: database.url,
    HOST: "127.0.0.1",
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_SERVER_URL: github.url,
    ...more,
  };
  const credentials = { appId, privateKey, webhookSecrets: [webhookSecret] };
  const log = createLog({ level: process.env["SYSTEM_LOG"] ?? "silent" });
  const run = async (env: Env) => {
    const running = await start({ config: readConfig({ ...env, PORT: "0" }), credentials, log, sweepMs: 500 });
    const { url } = running;
    if (url === null) throw new Error("the app takes no deliveries");
    await github.control.run("webhook", { url: `${url}/api/github/webhooks` });
    return { env, url, close: () => running.close() };
  };
  let app = await run(common);
  const settled = async (): Promise<void> => {
    await github.control.run("idle", {});
    await untilFinished(database.store.sql, 60_000);
  };
  await github.control.apply("createRepository", { repository: "acme/site" });
  const { id: installation = 0 } = await github.control.apply("install", {});
  await settled();
  return {
    github,
    database,
    installation,
    url: () => app.url,
    env: () => ({
      ...app.env,
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      PUBLIC_URL: app.url,
    }),
    settled,
    async look() {
      await requestHealthPass({ store: database.store, clock: { now: () => new Date() } });
      await settled();
    },
    async restart(other) {
      await app.close();
      app = await run({ ...common, ...other });
    },
    async close() {
      await app.close();
      await github.close();
      await database.drop();
    },
  };
}
