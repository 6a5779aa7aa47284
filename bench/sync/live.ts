import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Store } from "../../src/store/store.js";
import { latestRuns } from "../../src/store/sync/runs.js";
import type { Organisation } from "./organisation.js";

const EVERY_MS = 200;
const CHANGES = 300;
const ADMIN_TOKEN = "the-token-of-the-bench";

/** The app as it is started in earnest, in a process of its own that takes the organisation's deliveries. */
export interface App {
  /** Asks it for a full sync, as an operator does. */
  sync(): Promise<void>;
  stop(): Promise<void>;
}

export async function startApp(databaseUrl: string, { github, installationId }: Organisation): Promise<App> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli.ts", "start"], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: github.webhookSecret,
      ADMIN_TOKEN,
      DATABASE_URL: databaseUrl,
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      GITHUB_SERVER_URL: github.url,
      HOST: "127.0.0.1",
      PORT: "0",
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const url = await listening(child);
  await github.control.run("webhook", { url: `${url}/api/github/webhooks` });
  return {
    async sync() {
      const response = await fetch(`${url}/api/integrations/github/sync`, {
        method: "POST",
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify({ installation: Number(installationId), full: true }),
      });
      if (response.status !== 202) throw new Error(`no sync was begun: ${response.status} ${await response.text()}`);
    },
    async stop() {
      await github.control.run("webhook", { url: null });
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const part of child.stderr ?? []) {
    text += String(part);
    const url = /deliveries at (\S+)\/api\/github\/webhooks/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the app did not start: ${text}`);
}

const Percentile = z.object({ p95: z.coerce.number(), deliveries: z.coerce.number(), unfinished: z.coerce.number() });

/** Changes at a fixed rate, and the 95th percentile from the arrival of a delivery to its stored rows, in ms. */
export async function liveLatency(store: Store, { github }: Organisation, seed: number) {
  const began = new Date();
  for (let change = 0; change < CHANGES; change += 1) {
    await github.control.run("random", { seed: seed + change, count: 1 });
    await wait(EVERY_MS);
  }
  await github.control.run("idle", {});
  await wait(2_000);
  const [row] = await store.sql.query(
    `SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY EXTRACT(epoch FROM processed_at - received_at) * 1000) AS p95,
       count(*) AS deliveries, count(*) FILTER (WHERE processed_at IS NULL) AS unfinished
     FROM deliveries WHERE received_at >= $1`,
    [began],
  );
  return Percentile.parse(row);
}

/** What the app's full sync has done so far. */
export async function fullSync(store: Store, { installationId }: Organisation) {
  const run = (await latestRuns(store.sql, installationId, 20)).find(({ mode }) => mode === "full");
  if (!run) throw new Error("there is no full sync");
  const { status, pages, points, requests, rows_written, rows_unchanged, paused_ms: pausedMs } = run;
  return { status, pages, points, requests, rows: rows_written + rows_unchanged, pausedMs };
}
