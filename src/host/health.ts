import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "../config.js";
import { readManifest } from "../config/manifest.js";
import type { Clock } from "../domain.js";
import type { CallTimes } from "../github/call-times.js";
import type { GitHubClient } from "../github/client.js";
import { WEBHOOK_PATHS } from "../inbox/inbox.js";
import type { DefinedJob } from "../jobs/define-job.js";
import { healthJob } from "../jobs/health/health-job.js";
import type { HealthPass } from "../jobs/health/pass.js";
import type { Queues } from "../work/queues.js";
import type { Store } from "../store/store.js";
import { alertPolicy } from "./alerts.js";
import { readCertificate } from "./certificate.js";

/** The period of health checks. */
export const HEALTH_EVERY_MS = 5 * 60_000;

/** Concurrent installations, and the part of the period over which they are spread. */
export const SPREAD = { atOnce: 16, overMs: 0.8 * HEALTH_EVERY_MS, mostMs: 1_000 } as const;

/** The job that runs the health checks. */
export function openHealth(options: {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly callTimes: CallTimes;
  app(): GitHubClient | null;
  client(installationId: bigint): GitHubClient;
}): DefinedJob {
  const { config, queues, ...rest } = options;
  const { default_permissions: permissions, default_events: events } = readManifest();
  const { publicUrl } = config;
  return healthJob({
    ...rest,
    policy: alertPolicy(config.alerts),
    bands: config.healthBands,
    wanted: { permissions, events },
    hookUrls: publicUrl ? WEBHOOK_PATHS.map((path) => new URL(path, publicUrl).href) : [],
    serverUrl: config.github.serverUrl,
    expiring: expiringOf(publicUrl),
    spread: { ...SPREAD, sleep: (ms, signal) => wait(ms, undefined, { signal }) },
    queueReady: () => queues.ready().then((state) => (state.ready ? null : state.reason)),
  });
}

/**
 * Secrets and certificates that expire and that the app does not renew itself. Installation tokens are renewed, so they
 * are not included.
 */
function expiringOf(publicUrl: string | undefined): HealthPass["expiring"] {
  if (!publicUrl?.startsWith("https:")) return [];
  return [async () => [await readCertificate(publicUrl)]];
}
