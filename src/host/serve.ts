import { createServer } from "node:http";
import type { AppCredentials, Config } from "../config.js";
import type { Clock } from "../domain.js";
import { createInbox } from "../inbox/inbox.js";
import { createInboxServer } from "../inbox/server.js";
import type { Log } from "../log.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import type { Metrics } from "../telemetry/metrics.js";
import type { Queues } from "../work/queues.js";
import { pendingMigrations } from "../store/migrate.js";
import type { Store } from "../store/store.js";
import { createAlertsApi } from "../web/alerts-api.js";
import { createHealthApi } from "../web/health-api.js";
import { createMetricsPage } from "../web/metrics.js";
import { createProbes } from "../web/probes.js";
import { firstOf, listen, type RequestHandler } from "../web/server.js";
import { createSyncApi } from "../web/sync-api.js";
import type { Closing } from "./closing.js";
import { HEALTH_EVERY_MS } from "./health.js";
import { letHeapGrow } from "./heap.js";

export interface ServeOptions {
  readonly config: Config;
  readonly credentials: AppCredentials;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly errors: ErrorTracker;
  /** After the commit of deliveries, before anybody is woken or answered: a test's. */
  readonly afterCommit: (() => void) | undefined;
}

/** How long requests may take to end when the process stops (ms). */
const PATIENCE_MS = 10_000;

/** Takes deliveries and answers the API. Gives where it listens. */
export async function serve(options: ServeOptions, open: Closing): Promise<string> {
  const { config, credentials, log, clock, store, queues, metrics, errors } = options;
  letHeapGrow();
  const inbox = createInbox({
    store,
    secrets: credentials.webhookSecrets,
    wake: (ids) => queues.wake(ids),
    clock,
    log,
    onCommitted: options.afterCommit,
    onAnswer: (answer) => metrics.webhook(answer),
  });
  const api = { store, clock, log, errors, adminToken: config.adminToken };
  const handlers = [
    ...watched(options),
    createSyncApi({ ...api, wake: (ups) => queues.add(ups) }),
    createAlertsApi(api),
    createHealthApi({ ...api, periodMs: HEALTH_EVERY_MS }),
  ];
  const server = await listen(createInboxServer(inbox, firstOf(handlers)), config);
  open.add(server, async (listening) => {
    await Promise.all([listening.close(PATIENCE_MS), inbox.drain()]);
  });
  return server.url;
}

/** A worker takes no deliveries: with METRICS_PORT it answers probes and metrics alone. */
export async function serveWorker(options: ServeOptions, open: Closing): Promise<string | null> {
  const { metricsPort: port, host } = options.config;
  if (port === undefined) return null;
  const server = await listen(createServer(firstOf(watched(options))), { host, port });
  open.add(server, (listening) => listening.close(PATIENCE_MS));
  return server.url;
}

/** What a process says of itself. */
function watched({ config, store, queues, metrics, clock, log }: ServeOptions): readonly RequestHandler[] {
  const probes = createProbes([
    { name: "migrations", check: async () => listing(await pendingMigrations(store.sql)) },
    { name: "queue", check: () => queues.ready().then((state) => (state.ready ? null : state.reason)) },
  ]);
  return [probes, createMetricsPage({ metrics, store, clock, log, token: config.metricsToken })];
}

function listing(pending: readonly string[]): string | null {
  return pending.length === 0 ? null : `pending: ${pending.join(", ")}; run 'companyos-github migrate'`;
}
