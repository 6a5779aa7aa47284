import { readManifest } from "../../src/config/manifest.js";
import { DEFAULT_BANDS } from "../../src/config/health-bands.js";
import { createCallTimes } from "../../src/github/call-times.js";
import { createGateway } from "../../src/github/gateway.js";
import { buildOctokit } from "../../src/github/octokit.js";
import { ALERT_POLICY } from "../../src/health/alerts/policy.js";
import type { HealthPass } from "../../src/jobs/health/pass.js";
import { createLog } from "../../src/log.js";
import type { Store } from "../../src/store/store.js";
import { type GitHubOptions, type RunningGitHub, startGitHub } from "../../simulator/start.js";
import { Probot } from "probot";

export interface HealthSetting {
  readonly github: RunningGitHub;
  readonly pass: HealthPass;
}

export const HOOK_URL = "https://companyos.test/api/github/webhooks";
const silent = createLog({ level: "silent" });

/** A simulated GitHub with the App installed on so many accounts, and what a pass needs. The caller closes it. */
export async function healthSetting(
  store: Store,
  options: { readonly github?: GitHubOptions; readonly accounts?: number; readonly privateKey?: string } = {},
): Promise<HealthSetting> {
  const github = await startGitHub({ webhookUrl: HOOK_URL, ...options.github });
  const { control, simulation } = github;
  const accounts = Array.from({ length: options.accounts ?? 1 }, (_, index) =>
    index === 0 ? "acme" : `acme-${index}`,
  );
  for (const account of accounts) {
    await control.apply("createRepository", { repository: `${account}/site` });
    await control.apply("install", { account });
  }
  await control.run("idle", {});
  simulation.deliveries.records.length = 0;
  for (const { id, account } of simulation.organisation.installations.values())
    await store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
       VALUES ($1, $2, 'Organization', now(), '')`,
      [id, account.login],
    );
  const { clock } = simulation;
  const callTimes = createCallTimes(clock);
  const probot = new Probot({
    appId: github.appId,
    privateKey: options.privateKey ?? github.privateKey,
    secret: github.webhookSecret,
    log: silent,
    Octokit: buildOctokit({ apiUrl: github.url, onResponse: (call) => callTimes.observe(call) }),
  });
  const gateway = createGateway({
    octokitFor: (id) => probot.auth(Number(id)),
    appOctokit: () => probot.auth(),
    graphqlUrl: github.graphqlUrl,
    clock,
  });
  if (!gateway.app) throw new Error("no App");
  const { default_permissions: permissions, default_events: events } = readManifest();
  return {
    github,
    pass: {
      store,
      clock,
      callTimes,
      policy: ALERT_POLICY,
      bands: DEFAULT_BANDS,
      wanted: { permissions, events },
      hookUrls: [HOOK_URL],
      serverUrl: github.url,
      expiring: [],
      spread: { atOnce: 16, overMs: 0, mostMs: 0, sleep: () => Promise.resolve() },
      app: gateway.app,
      client: (id) => gateway.client(id),
      queueReady: () => Promise.resolve(null),
    },
  };
}
