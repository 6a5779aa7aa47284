import { randomBytes } from "node:crypto";
import { type Visible, visibleOn } from "../../simulator/control/visible.js";
import { type RunningGitHub, startGitHub } from "../../simulator/start.js";
import type { PullRequest } from "../../simulator/organisation/conversation.js";
import type { FileInput } from "../../simulator/organisation/git.js";
import type { LedgerHooks } from "../../src/effects/ledger-writer.js";
import { createLog } from "../../src/log.js";
import type { DefinedAgent } from "../../src/runs/run.js";
import { untilFinished } from "../crash/setting.js";
import { startBeside } from "../support/app.js";
import { createDatabase, type TestDatabase } from "../support/database.js";

export const REPOSITORY = "acme/shop";

/** The whole app beside a simulated GitHub with one repository, until `close`. */
export interface ReviewSetting {
  readonly github: RunningGitHub;
  readonly database: TestDatabase;
  /** Where deliveries go. */
  readonly url: string;
  /** Waits until all that was delivered has been worked on. */
  settle(): Promise<void>;
  pull(number?: number): PullRequest;
  /** What of ours is to be seen on a pull request. */
  visible(number?: number): Visible;
  /** The newest runs, oldest first. */
  runs(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export interface SettingOptions {
  readonly files?: readonly FileInput[];
  readonly quietMs?: number;
  /** How often due work is looked for. */
  readonly sweepMs?: number;
  /** On top of what the app needs to start. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the app's own. */
  readonly agents?: readonly DefinedAgent[];
  readonly hooks?: LedgerHooks;
  readonly permissions?: Readonly<Record<string, "read" | "write">>;
}

export async function reviewSetting(options: SettingOptions = {}): Promise<ReviewSetting> {
  const github = await startGitHub();
  const database = await createDatabase();
  const { control } = github;
  await control.apply("createRepository", { repository: REPOSITORY, ...(options.files && { files: options.files }) });
  for (const [login, role] of [
    ["monalisa", "admin"],
    ["hubot", "write"],
    ["octocat", "write"],
    ["ann", "triage"],
    ["bob", "read"],
  ] as const)
    await control.apply("setRole", { repository: REPOSITORY, login, role });
  const app = await startBeside(github, database.url, {
    env: options.env ?? {},
    ...(options.agents && { agents: options.agents }),
    ...(options.hooks && { hooks: options.hooks }),
    log: createLog({ level: process.env["REVIEW_LOG"] ?? "silent" }),
    queueNamespace: `review_${randomBytes(4).toString("hex")}`,
    sweepMs: options.sweepMs ?? 1_000,
    reviewQuietMs: options.quietMs ?? 0,
    octokit: { writeSpacingMs: 0 },
  });
  const { sql } = database.store;
  const finished = () =>
    untilFinished(sql, 90_000).catch(async (error: unknown) => {
      const rows = await sql.query(
        "SELECT name, key, status, reason, error FROM jobs WHERE status IN ('waiting', 'running')",
      );
      throw new Error(`${String(error)}: ${JSON.stringify(rows)}`);
    });
  const settle = async () => {
    for (let round = 0; round < 2; round += 1) {
      await control.run("idle", {});
      await finished();
    }
  };
  await control.run("webhook", { url: `${app.url}/api/github/webhooks` });
  await control.apply("install", { ...(options.permissions && { permissions: options.permissions }) });
  await settle();
  const pull = (number = 1): PullRequest => {
    const found = github.simulation.organisation.byName.get(REPOSITORY)?.pulls.get(number);
    if (!found) throw new Error(`no pull request ${number}`);
    return found;
  };
  return {
    github,
    database,
    url: `${app.url}/api/github/webhooks`,
    settle,
    pull,
    visible: (number) => visibleOn(github.simulation.organisation, pull(number)),
    runs: () => database.store.sql.query("SELECT * FROM agent_runs ORDER BY id"),
    async close() {
      await app.close();
      await github.close();
      await database.drop();
    },
  };
}
