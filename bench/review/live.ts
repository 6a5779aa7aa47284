import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type GitHubProcess, startGitHubProcess } from "../../simulator/index.js";
import type { LimitsOptions } from "../../simulator/limits/limits.js";
import { readConfig } from "../../src/config.js";
import { closing } from "../../src/host/closing.js";
import { createLog } from "../../src/log.js";
import { start } from "../../src/main.js";
import { openStore, type Sql } from "../../src/store/store.js";

export const REPOSITORY = "acme/shop";

/** The app as it runs in earnest, beside a simulated GitHub with one repository. */
export interface Live {
  readonly github: GitHubProcess;
  readonly sql: Sql;
  /** Waits until no delivery and no job is left, those that wait for their time included. */
  settle(): Promise<void>;
}

const PATIENCE_MS = 120_000;
const LEFT = `SELECT (SELECT count(*)::int FROM deliveries WHERE status IN ('received', 'processing', 'retry'))
  + (SELECT count(*)::int FROM jobs WHERE status IN ('waiting', 'running')) AS left_over`;

export async function withLive(
  options: {
    readonly quietMs?: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly limits?: LimitsOptions;
  },
  work: (live: Live) => Promise<void>,
): Promise<void> {
  const open = closing();
  try {
    const dataDir = mkdtempSync(join(tmpdir(), "companyos-bench-review-"));
    open.add(dataDir, (folder) => rmSync(folder, { recursive: true, force: true }));
    const github = open.add(
      await startGitHubProcess({ ...(options.limits && { limits: options.limits }) }),
      (running) => running.close(),
    );
    const { url, graphqlUrl, appId, privateKey, webhookSecret, control } = github;
    await control.apply("createRepository", {
      repository: REPOSITORY,
      files: [
        { path: "README.md", content: "# Shop\n" },
        { path: "CODEOWNERS", content: "* @monalisa\n" },
      ],
    });
    await control.apply("setRole", { repository: REPOSITORY, login: "monalisa", role: "admin" });
    const addresses = { GITHUB_API_URL: url, GITHUB_GRAPHQL_URL: graphqlUrl };
    const app = open.add(
      await start({
        config: readConfig({ DATA_DIR: dataDir, PORT: "0", HOST: "127.0.0.1", ...addresses, ...options.env }),
        credentials: { appId, privateKey, webhookSecrets: [webhookSecret] },
        log: createLog({ level: "error", destination: process.stderr }),
        sweepMs: 5_000,
        octokit: { writeSpacingMs: 0 },
        ...(options.quietMs !== undefined && { reviewQuietMs: options.quietMs }),
      }),
      (running) => running.close(),
    );
    const store = openStore({ url: app.databaseUrl, poolSize: 2, applicationName: "companyos bench" });
    open.add(store, (used) => used.close());
    const settle = () => settled(github, store.sql);
    await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    await control.apply("install", {});
    await settle();
    await work({ github, sql: store.sql, settle });
  } finally {
    await open.close();
  }
}

async function settled({ control }: GitHubProcess, sql: Sql): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let calm = 0; calm < 2;) {
    await control.run("idle", {});
    const [row] = await sql.query(LEFT);
    calm = row?.["left_over"] === 0 ? calm + 1 : 0;
    if (Date.now() > deadline) throw new Error(`work is left after ${PATIENCE_MS / 1_000} s`);
    await wait(100);
  }
}
