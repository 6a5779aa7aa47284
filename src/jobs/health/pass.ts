import type { HealthBands } from "../../config/health-bands.js";
import type { Clock } from "../../domain.js";
import type { CallTimes } from "../../github/call-times.js";
import type { GitHubClient } from "../../github/client.js";
import { api } from "../../health/checks/api.js";
import { appAuthentication, installationAuthentication } from "../../health/checks/authentication.js";
import { drift } from "../../health/checks/drift.js";
import { database, inbox, queue, workers } from "../../health/checks/own-parts.js";
import { quota } from "../../health/checks/quota.js";
import { type ExpiringSecret, secrets } from "../../health/checks/secrets.js";
import { sync } from "../../health/checks/sync.js";
import { webhooks } from "../../health/checks/webhooks.js";
import type { Wanted } from "../../health/permissions.js";
import type { CheckName, Reading } from "../../health/reading.js";
import {
  driftFacts,
  dueFacts,
  inboxFacts,
  type KnownInstallation,
  knownInstallations,
  syncFacts,
  workerFacts,
} from "../../store/health/own-facts.js";
import { forgetChecks, forgetChecksOf } from "../../store/health/standings.js";
import type { Store } from "../../store/store.js";
import { ask } from "./ask.js";
import { type AppFacts, readApp } from "./read-app.js";
import { readQuotas } from "./read-quotas.js";
import { planRenamed } from "./renamed.js";
import { settleAlerts } from "./settle-alerts.js";
import { type Settling, settleScope } from "./settle-scope.js";
import { type Spread, spread } from "./spread.js";

export interface HealthPass extends Omit<Settling, "store"> {
  readonly store: Store;
  readonly clock: Clock;
  readonly bands: HealthBands;
  /** The permissions and events in `app.yml`. */
  readonly wanted: Wanted;
  /** The expected webhook URL; empty when PUBLIC_URL is not set. */
  readonly hookUrls: readonly string[];
  /** GitHub's web address. */
  readonly serverUrl: string;
  /** Secrets and certificates that expire. Each is read once in a pass, and answers or fails within seconds. */
  readonly expiring: readonly (() => Promise<readonly ExpiringSecret[]>)[];
  readonly spread: Pick<Spread, "atOnce" | "overMs" | "mostMs" | "sleep">;
  readonly callTimes: CallTimes;
  readonly app: Pick<GitHubClient, "rest" | "pages">;
  client(installationId: bigint): Pick<GitHubClient, "rest">;
  /** Null: the queue responds; else the error. */
  queueReady(): Promise<string | null>;
}

/** One pass: the app's own parts, the App at GitHub, then each installation. */
export async function healthPass(pass: HealthPass, signal: AbortSignal) {
  const { store, clock } = pass;
  const app = await readApp(pass.app, clock);
  let changed = await settleScope(pass, APP, await readOwn(pass, app), clock.now());
  const installations = await knownInstallations(store.sql);
  await planRenamed(pass, app, installations);
  const look = async (installation: KnownInstallation): Promise<void> => {
    const { readings, past } = await readInstallation(pass, app, installation);
    const { id, account_login: account } = installation;
    changed += await settleScope(pass, { installationId: id, account }, readings, clock.now());
    if (past.length > 0) await forgetChecksOf(store.sql, id, past);
  };
  await spread(installations, look, { ...pass.spread, clock, signal });
  // An uninstalled installation has no health.
  await forgetChecks(store.sql);
  await settleAlerts(store.sql, pass.policy, clock.now());
  return { installations: installations.length, changed };
}

const APP = { installationId: null, account: null } as const;

async function readOwn(pass: HealthPass, { app, hook, attempts }: AppFacts): Promise<readonly Reading[]> {
  const { store, clock, bands, wanted, hookUrls: ours, callTimes } = pass;
  const { sql } = store;
  const ping = await ask(clock, () => sql.query("SELECT 1"));
  const unready = await pass.queueReady();
  const expiring = await Promise.all(pass.expiring.map((source) => ask(clock, source)));
  const now = clock.now();
  return [
    appAuthentication(app, wanted),
    api({ light: app, real: callTimes.of(null) }, bands),
    webhooks({ hook, ours, attempts }, bands, now),
    database(ping, bands),
    queue({ unready, ...(await dueFacts(sql, now)) }, bands),
    workers(await workerFacts(sql, now), bands),
    inbox(await inboxFacts(sql, now), bands),
    drift(await driftFacts(sql, now), bands),
    ...[secrets(expiring, bands, now) ?? []].flat(),
  ];
}

async function readInstallation(
  pass: HealthPass,
  { installations }: AppFacts,
  { id, account_login: account, account_type: accountType, suspended }: KnownInstallation,
): Promise<{ readonly readings: readonly Reading[]; readonly past: readonly CheckName[] }> {
  const { store, clock, bands, wanted, callTimes, serverUrl } = pass;
  const listed = installations.ok ? { ...installations, value: installations.value.get(id) ?? null } : installations;
  const reachable = listed.ok && listed.value !== null && !listed.value.suspended;
  // Skips calls that must fail: a refusal of the App itself is reported once, not for each installation.
  const quotas = reachable ? await readQuotas(pass.client(id), clock) : null;
  const access = { listed, call: quotas, who: { installationId: id, account, accountType, serverUrl } };
  const now = clock.now();
  const readings = [
    installationAuthentication(access, wanted),
    ...(quotas === null ? [] : [quota({ quotas }, bands, now), api({ light: quotas, real: callTimes.of(id) }, bands)]),
  ];
  // Suspended or inaccessible: skip the other checks, because their results would be noise.
  if (suspended || (listed.ok && !reachable)) return { readings, past: ["quota", "api", "sync"] };
  return { readings: [...readings, sync(await syncFacts(store.sql, id, now), bands)], past: [] };
}
