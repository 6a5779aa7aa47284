import { Probot } from "probot";
import { type GitHubOptions, type RunningGitHub, startGitHub } from "../../simulator/start.js";
import type { Clock } from "../../src/domain.js";
import { createGateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import type { Recovery } from "../../src/jobs/recovery/recover.js";
import { RECOVERY_RULES } from "../../src/jobs/recovery/rules.js";
import { createLog } from "../../src/log.js";
import type { JobWakeUp } from "../../src/store/jobs/wake-up.js";
import type { Store } from "../../src/store/store.js";
import { startInbox, type TestInbox } from "../support/inbox.js";

export interface RecoverySetting {
  readonly github: RunningGitHub;
  readonly inbox: TestInbox;
  readonly recovery: Recovery;
  readonly clock: Clock & { advance(seconds: number): void };
  readonly woken: JobWakeUp[];
  /** Opens so many issues; gives their deliveries' GUIDs. */
  openIssues(count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

const silent = createLog({ level: "silent" });

/** A simulated GitHub that delivers to a real inbox, and what a sweep needs. Nobody processes what is received. */
export async function recoverySetting(store: Store, options: GitHubOptions = {}): Promise<RecoverySetting> {
  const github = await startGitHub(options);
  const inbox = await startInbox({ store, secrets: [github.webhookSecret] });
  const { control, simulation } = github;
  await control.apply("createRepository", { repository: "acme/site" });
  await control.apply("install", {});
  await control.run("idle", {});
  simulation.deliveries.records.length = 0;
  await control.run("webhook", { url: `http://127.0.0.1:${inbox.port}/api/github/webhooks` });
  const { clock } = simulation;
  const probot = new Probot({
    appId: github.appId,
    privateKey: github.privateKey,
    secret: github.webhookSecret,
    log: silent,
    Octokit: buildOctokit({ apiUrl: github.url }),
  });
  const gateway = createGateway({
    octokitFor: (id) => probot.auth(Number(id)),
    appOctokit: () => probot.auth(),
    graphqlUrl: github.graphqlUrl,
    clock,
  });
  if (!gateway.app) throw new Error("no App");
  const woken: JobWakeUp[] = [];
  return {
    github,
    inbox,
    clock,
    woken,
    recovery: {
      store,
      app: gateway.app,
      clock,
      log: silent,
      rules: { ...RECOVERY_RULES, spacingMs: 1 },
      sleep: () => Promise.resolve(),
      wake: async (wakeUps) => void woken.push(...wakeUps),
    },
    async openIssues(count) {
      const guids: string[] = [];
      for (let index = 0; index < count; index += 1)
        guids.push(...(await control.apply("openIssue", { repository: "acme/site", title: "Lost?" })).guids);
      await control.run("idle", {});
      return guids;
    },
    async close() {
      await github.close();
      await inbox.close();
    },
  };
}
