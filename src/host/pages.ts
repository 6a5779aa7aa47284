import { createSite, type Site } from "../web/pages/site.js";
import type { ViewerOf } from "../web/viewer.js";
import { packageVersion } from "../package-file.js";
import { HEALTH_EVERY_MS } from "./health.js";
import { ok } from "../doctor/check.js";
import { examineSystem } from "../doctor/examine.js";
import { withoutPassword } from "../store/database-url.js";
import { repositoryLists } from "../store/tenants/repository-lists.js";
import type { ServeOptions } from "./serve.js";

/**
 * The doctor's checks with the open resources of this process. Its configuration is valid, because the process is
 * running.
 */
async function examineRunning({ config, store, clock, gateway, databaseUrl }: ServeOptions) {
  const where = `the database ${withoutPassword(databaseUrl)}`;
  const found = await examineSystem({
    config,
    clock,
    withDatabase: (check) => check({ store, url: databaseUrl, where }),
    lists: () => repositoryLists(store.sql),
    gateway: () => Promise.resolve(gateway),
  });
  return [ok("configuration", "every variable is valid"), ...found];
}

/** The dashboard of this process. */
export function openPages(
  options: ServeOptions,
  { viewerOf, signInPath }: { readonly viewerOf: ViewerOf; readonly signInPath: string | null },
): Site {
  const { config, store, clock, log, errors, queues } = options;
  return createSite({
    store,
    clock,
    log,
    errors,
    viewerOf,
    signInPath,
    publicUrl: config.publicUrl,
    serverUrl: config.github.serverUrl,
    dryRun: config.dryRun,
    version: packageVersion(),
    healthEveryMs: HEALTH_EVERY_MS,
    settings: config.shown,
    doctor: () => examineRunning(options),
    wakeJobs: (wakeUps) => queues.add(wakeUps),
    wakeDeliveries: (ids) => queues.wake(ids),
  });
}
