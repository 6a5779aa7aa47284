import { createSite, type Site } from "../web/pages/site.js";
import type { ViewerOf } from "../web/viewer.js";
import { packageVersion } from "../package-file.js";
import { HEALTH_EVERY_MS } from "./health.js";
import type { ServeOptions } from "./serve.js";

/** The dashboard of this process. */
export function openPages(
  { config, store, clock, log, errors, queues }: ServeOptions,
  { viewerOf, signInPath }: { readonly viewerOf: ViewerOf; readonly signInPath: string | null },
): Site {
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
    doctor: null,
    wakeJobs: (wakeUps) => queues.add(wakeUps),
    wakeDeliveries: (ids) => queues.wake(ids),
  });
}
