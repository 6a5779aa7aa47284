import type { AppCredentials, Config } from "../config.js";
import type { Clock } from "../domain.js";
import { createHttpServer, type RequestHandler } from "../http/server.js";
import { createInbox, type Inbox } from "../inbox/inbox.js";
import type { Gateway } from "../github/gateway.js";
import type { Log } from "../log.js";
import type { ErrorTracker } from "../telemetry/error-tracker.js";
import type { Metrics } from "../telemetry/metrics.js";
import type { Queues } from "../work/queues.js";
import { pendingMigrations } from "../store/migrate.js";
import { probeWrite } from "../store/probe-write.js";
import type { Store } from "../store/store.js";
import { createGuard } from "../web/guard.js";
import { EVENTS_PATH, MOST_EVENT_STREAMS } from "../web/live/event-stream.js";
import { LIVE_PATH, MOST_STREAMS } from "../web/live/hub.js";
import { createMetricsPage } from "../web/metrics.js";
import { createProbes, type Readiness } from "../web/probes.js";
import { firstOf, listen } from "../web/server.js";
import type { Closing } from "./closing.js";
import { letHeapGrow } from "./heap.js";
import { openWeb } from "./web.js";
import { openWebhookProxy } from "./webhook-proxy.js";

export interface ServeOptions {
  readonly config: Config;
  readonly credentials: AppCredentials;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly errors: ErrorTracker;
  readonly gateway: Gateway;
  /** The address of the database: a secret. */
  readonly databaseUrl: string;
  /** A hook for tests between the commit of deliveries and their wake-ups and answers. */
  readonly afterCommit: (() => void) | undefined;
  /** The secret of the browser that did the set-up. */
  readonly signedIn: string | undefined;
}

/** How long open requests may take when the process stops (ms). */
const PATIENCE_MS = 10_000;

/**
 * Receives deliveries and serves API and pages.
 * @returns the listening address.
 */
export async function serve(options: ServeOptions, open: Closing): Promise<string> {
  const { config, credentials, log, clock, store, queues, metrics } = options;
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
  const web = await openWeb(options);
  const handlers = [createGuard(config.publicUrl), web.handle];
  const own = watched(options, false, [storing(options, inbox)]);
  const limits = { paths: { [LIVE_PATH]: { answers: MOST_STREAMS }, [EVENTS_PATH]: { answers: MOST_EVENT_STREAMS } } };
  const http = createHttpServer({ free: [inbox.handle, ...own], next: firstOf(handlers), limits, log });
  const server = await listen(http, config);
  open.add(server, async (listening) => {
    web.close();
    await Promise.all([listening.close(PATIENCE_MS), inbox.drain()]);
  });
  if (config.webhookProxyUrl !== undefined)
    open.add(await openWebhookProxy(config.webhookProxyUrl, server.url, log), (proxy) => proxy.close());
  return server.url;
}

/** A worker receives no deliveries: with METRICS_PORT it serves only probes and metrics. */
export async function serveWorker(options: ServeOptions, open: Closing): Promise<string | null> {
  const { metricsPort: port, host } = options.config;
  if (port === undefined) return null;
  const own = watched(options, true);
  const server = await listen(createHttpServer({ free: own, next: firstOf([]), log: options.log }), { host, port });
  open.add(server, (listening) => listening.close(PATIENCE_MS));
  return server.url;
}

/**
 * The probes of a process. A receiving process does not need the queue, because the sweep finds deliveries without a
 * wake-up.
 */
function watched(
  { config, store, queues, metrics, clock, log }: ServeOptions,
  queueRequired: boolean,
  more: readonly Readiness[] = [],
): readonly RequestHandler[] {
  const checks: readonly Readiness[] = [
    { name: "migrations", required: true, check: async () => listing(await pendingMigrations(store.sql)) },
    ...more,
    {
      name: "queue",
      required: queueRequired,
      check: () => queues.ready().then((state) => (state.ready ? null : state.reason)),
    },
  ];
  const probes = createProbes({ checks, tokens: [config.metricsToken, config.adminToken], log });
  return [probes, createMetricsPage({ metrics, store, clock, log, token: config.metricsToken })];
}

/** For how long a commit proves that deliveries can be stored. */
const COMMIT_FRESH_MS = 30_000;

/** Whether a delivery can be stored: proved by the last commit, or by a test write if that failed or is too old. */
function storing({ store, clock }: ServeOptions, inbox: Pick<Inbox, "lastCommit">): Readiness {
  let probed: Date | null = null;
  return {
    name: "deliveries",
    required: true,
    async check() {
      const last = inbox.lastCommit;
      const good = Math.max(probed?.getTime() ?? 0, last?.failure === null ? last.at.getTime() : 0);
      const failedSince = last !== null && last.failure !== null && last.at.getTime() >= good;
      if (!failedSince && clock.now().getTime() - good < COMMIT_FRESH_MS) return null;
      await probeWrite(store);
      probed = clock.now();
      return null;
    },
  };
}

function listing(pending: readonly string[]): string | null {
  return pending.length === 0 ? null : `pending: ${pending.join(", ")}; run 'companyos-github migrate'`;
}
