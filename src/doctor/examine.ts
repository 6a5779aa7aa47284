import type { Config } from "../config.js";
import { readManifest } from "../config/manifest.js";
import type { Clock } from "../domain.js";
import type { Gateway } from "../github/gateway.js";
import type { Store } from "../store/store.js";
import type { RepositoryLists } from "../store/tenants/repository-lists.js";
import { checkAlertIssues } from "./alert-issues.js";
import { checkCertificate } from "./certificate.js";
import type { Finding } from "./check.js";
import { checkDatabase } from "./database.js";
import { checkDeliveries } from "./deliveries.js";
import { checkApp, checkClock, checkHook } from "./github.js";
import { checkEvents } from "./events.js";
import { checkGraphql } from "./graphql.js";
import { checkInstallations } from "./installations.js";
import { checkQueue } from "./queue.js";
import { checkServer } from "./server.js";
import { checkWorkers } from "./workers.js";
import { checkWrites } from "./writes.js";

/** An open database. `where` names it for people, without its password. */
export interface Examined {
  readonly store: Store;
  readonly url: string;
  readonly where: string;
}

export interface SystemToExamine {
  readonly config: Config;
  readonly clock: Clock;
  /** Runs the checks that need the database; a finding instead when there is none yet. */
  withDatabase(check: (database: Examined) => Promise<readonly Finding[]>): Promise<readonly Finding[]>;
  /** The accounts' allow and deny lists; rejects when the database does not answer. */
  lists(): Promise<readonly RepositoryLists[]>;
  /** A client of the App; null: the App's credentials cannot be read. */
  readonly gateway: (() => Promise<Gateway>) | null;
}

/** Every check of a configured system: what `companyos-github doctor` prints and the Operations page shows. */
export async function examineSystem(system: SystemToExamine): Promise<readonly Finding[]> {
  const { config, clock } = system;
  const found = await Promise.all([
    system.withDatabase(async ({ store, url, where }) => {
      const database = await checkDatabase(url, where, store);
      if (database.status !== "ok") return [database];
      return [
        database,
        await checkWorkers(store.sql, clock),
        ...(await checkWrites(store.sql)),
        await checkEvents(store.sql, config.events),
      ];
    }),
    checkQueue(config),
    checkClock(config.github.apiUrl, clock),
    checkServer(config.publicUrl, config.metricsToken ?? config.adminToken),
    checkCertificate(config.publicUrl, config.healthBands, clock),
    system.gateway === null ? [] : checkGitHub(system, await system.gateway()),
  ]);
  return found.flat();
}

async function checkGitHub(system: SystemToExamine, gateway: Gateway): Promise<readonly Finding[]> {
  const { config, clock } = system;
  const github = gateway.app;
  if (!github) return [];
  const manifest = readManifest();
  const app = await checkApp(github, manifest, config.github);
  if (app.some(({ check, status }) => check === "GitHub App" && status === "problem")) return app;
  return [
    ...app,
    ...(await checkHook(github, config.publicUrl)),
    await checkDeliveries(github, clock),
    await checkGraphql(github, (id) => gateway.client(id), config.github.graphqlUrl),
    ...(await checkInstallations(github, manifest, config.github.serverUrl)),
    ...(await checkAlertIssues(
      { app: github, client: (id) => gateway.client(id), lists: () => system.lists() },
      config.alerts.issueRepository,
    )),
  ];
}
