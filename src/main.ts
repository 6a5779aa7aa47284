import { openAdvisories } from "./github/review/advisories.js";
import { z } from "zod";
import { openInspector } from "./agents/code-review/inspect/child-process.js";
import type { AppCredentials, Config } from "./config.js";
import { secretParts } from "./config/secret-parts.js";
import type { Clock } from "./domain.js";
import { PausedError } from "./errors.js";
import { createCallTimes } from "./github/call-times.js";
import { createGateway } from "./github/gateway.js";
import { createDryRunWriter } from "./effects/dry-run-writer.js";
import { createEffectLedger, type LedgerHooks, type LedgerOptions } from "./effects/ledger-writer.js";
import type { OctokitSettings } from "./github/octokit.js";
import type { GitHubReader } from "./github/reader.js";
import { createRestReader } from "./github/rest-reader.js";
import { type Closing, closing } from "./host/closing.js";
import { createAppHost } from "./host/probot.js";
import { eventSinks, startEventBus } from "./host/events.js";
import { openHealth } from "./host/health.js";
import { openRecovery } from "./host/recovery.js";
import { secondReaders } from "./host/second-reader.js";
import { openAgents } from "./host/agents.js";
import { AGENTS } from "./runs/registry.js";
import type { DefinedAgent } from "./runs/run.js";
import { budgetedClients, openBudget, openSync } from "./host/sync.js";
import { serve, serveWorker } from "./host/serve.js";
import { startWatchdog } from "./host/watchdog.js";
import { startWork } from "./host/work.js";
import type { RecoveryRules } from "./jobs/recovery/rules.js";
import { type DefinedJob, registryOf } from "./jobs/define-job.js";
import { noticeJobs } from "./jobs/notices/jobs.js";
import { JOBS } from "./jobs/registry.js";
import { knowSecrets, type Log } from "./log.js";
import { createMetrics } from "./telemetry/metrics.js";
import { openTracing } from "./telemetry/open-telemetry.js";
import { tracedFetch, type Tracing } from "./telemetry/tracing.js";
import { openErrorTracker } from "./telemetry/sentry.js";
import { migrateQueue, NAMESPACE } from "./work/backend.js";
import { every } from "./work/every.js";
import { openQueues } from "./work/open-queues.js";
import type { Queues } from "./work/queues.js";
import { openDatabaseClock } from "./store/database-clock.js";
import { startEmbedded } from "./store/embedded/start.js";
import { migrate } from "./store/migrate.js";
import { poolSizeFor } from "./store/pool-size.js";
import { openStore, type Store } from "./store/store.js";

export interface StartOptions {
  readonly config: Config;
  readonly credentials: AppCredentials;
  readonly log: Log;
  readonly clock?: Clock;
  /** When aborted during the start, `start` closes everything opened so far and throws the signal's reason. */
  readonly stop?: AbortSignal;
  /** The secret of the browser that did the set-up; it is signed in as the operator. */
  readonly signedIn?: string;
  /** Exact values that are redacted everywhere; default: the credentials. */
  readonly secrets?: readonly string[];
  /** Additional jobs, used by tests. */
  readonly jobs?: readonly DefinedJob[];
  /** Points at which a test ends the process. */
  readonly hooks?: LedgerHooks & { afterCommit?(): void };
  readonly octokit?: Partial<OctokitSettings>;
  /** Separates the queues of instances that share a Redis; default `bullmq`. */
  readonly queueNamespace?: string;
  /** How often each process sweeps for abandoned work (ms); default 30 s. */
  readonly sweepMs?: number;
  /** The shortest time between the starts of two reviews of one pull request (ms); default 12 s. */
  readonly reviewQuietMs?: number;
  /** Default: the agents of `src/runs/registry.ts`. */
  readonly agents?: readonly DefinedAgent[];
  /** The length of a lease (ms); default 30 s. */
  readonly leaseMs?: number;
  /** The rules for recovering lost deliveries; default `RECOVERY_RULES`. */
  readonly recovery?: Partial<RecoveryRules>;
}

export interface Running {
  /** The listening address; null for a worker without METRICS_PORT. */
  readonly url: string | null;
  readonly database: "embedded" | "configured";
  /** Contains the password: a secret. */
  readonly databaseUrl: string;
  readonly queue: Queues["backend"];
  /** Asks GitHub for the App, which checks the id and the key. */
  readApp(): Promise<{ readonly slug: string }>;
  /** Stops taking work, waits for running work, and closes every handle. */
  close(): Promise<void>;
}

/** Constructs and starts the server in this order, and closes it in reverse order. */
export async function start(options: StartOptions): Promise<Running> {
  const open = closing(options.stop);
  try {
    return await compose(options, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(options: StartOptions, open: Closing): Promise<Running> {
  const { config, credentials, log } = options;
  const { privateKey, webhookSecrets } = credentials;
  knowSecrets([...(options.secrets ?? []), ...webhookSecrets, ...secretParts(privateKey)]);
  const part = (component: string): Log => log.child({ component });
  const databaseUrl = await openDatabase(config, part("database"), open);
  await migrate(databaseUrl, { log: part("database") });
  const { queueNamespace: namespace = NAMESPACE, leaseMs = 30_000 } = options;
  if (!config.redisUrl) await migrateQueue(databaseUrl, namespace);
  const poolSize = poolSizeFor(config.role);
  const tracking = { dsn: config.sentryDsn, secrets: options.secrets ?? [] };
  const errors = open.add(await openErrorTracker(tracking), (opened) => opened.close());
  const tracing = open.add(await openTracing(config.tracesUrl), (opened) => opened.close());
  const metrics = createMetrics(() => (options.clock?.now() ?? new Date()).getTime());
  const applicationName = `companyos-github ${config.role}`;
  const onQuery = metrics.query;
  const store = open.add(openStore({ url: databaseUrl, poolSize, applicationName, onQuery }), (opened) =>
    opened.close(),
  );
  const clock = options.clock ?? (await openClock(store, open));
  // Closed after the queues, because jobs use the parsers. Parsers start with the first file.
  const inspector = open.add(openInspector(), (opened) => opened.close());
  const queues = open.add(
    openQueues({ redisUrl: config.redisUrl, databaseUrl, log: part("queue"), namespace, lockMs: leaseMs }),
    (opened) => opened.close(),
  );

  const budget = openBudget({ config, store, clock, leaseMs });
  const callTimes = createCallTimes(clock);
  const host = await createAppHost({
    config,
    credentials,
    log: part("github"),
    octokit: {
      ...options.octokit,
      fetch: tracedFetch(tracing, options.octokit?.fetch),
      onResponse(call) {
        budget.observe(call);
        callTimes.observe(call);
        metrics.githubCall(call);
      },
    },
  });
  const gateway = createGateway({
    octokitFor: (installationId) => host.probot.auth(Number(installationId)),
    appOctokit: () => host.probot.auth(),
    graphqlUrl: config.github.graphqlUrl,
    clock,
    onCircuit({ name, until }) {
      if (until) part("github").error({ host: name, until }, "GitHub does not respond; pausing requests");
      else part("github").info({ host: name }, "GitHub responds again");
    },
  });

  // A job that still waits for its turn when the process stops is released at once, without using an attempt.
  const stopping = open.add(new AbortController(), (controller) =>
    controller.abort(new PausedError("rate-limit", "the process stops", clock.now())),
  );
  const budgeted = budgetedClients(budget, gateway.client, stopping.signal);
  const client = budgeted("agents");
  const sync = openSync({ store, clock, log: part("sync"), budget, client: gateway.client, onEnded: metrics.sync });
  const recovery = openRecovery({ store, clock, queues, rules: options.recovery, app: () => gateway.app });
  const agents = openAgents(options.agents ?? AGENTS, {
    inspector,
    quietMs: options.reviewQuietMs,
    client,
    login: async () => (await gateway.identity()).login,
    second: secondReaders({ config, store, clock }),
    advisories: openAdvisories(clock),
    ...(config.publicUrl !== undefined && { rulesUrl: new URL("/rules/", config.publicUrl).href }),
  });
  const health = openHealth({
    config,
    store,
    clock,
    queues,
    callTimes,
    app: () => gateway.app,
    client: gateway.client,
  });
  const { serverUrl } = config.github;
  const notices = noticeJobs({ serverUrl, client, settings: agents.settings });
  const registry = registryOf([...JOBS, sync, recovery, health, ...agents.jobs, ...notices, ...(options.jobs ?? [])]);
  const live = budgeted("live");
  const reader = (id: bigint): GitHubReader => createRestReader(live(id), gateway.app, id);
  const github = { client, identity: () => gateway.identity() };
  const services = { store, clock, log: part("jobs"), reader, writer: writerOf(options, store, github, tracing) };
  const { sweepMs = 30_000 } = options;
  // Opened before the workers start: an unavailable queue must not delay a delivery.
  const serving = {
    config,
    credentials,
    log: part("inbox"),
    clock,
    store,
    queues,
    metrics,
    errors,
    gateway,
    databaseUrl,
    afterCommit: options.hooks?.afterCommit,
    signedIn: options.signedIn,
  };
  if (config.role !== "worker") startWatchdog(config, services, sweepMs, open);
  const url = await (config.role === "worker" ? serveWorker : serve)(serving, open);
  if (config.role !== "web") {
    const { dispatch } = host;
    const work = {
      config,
      store,
      queues,
      registry,
      services,
      clock,
      log: part("worker"),
      metrics,
      errors,
      tracing,
      sweepMs,
      leaseMs,
      dispatch,
    };
    open.add(await startWork(work), (regular) => regular.stop());
    const sinks = eventSinks(config.events, clock);
    const bus = await startEventBus({ store, clock, log: part("events"), sinks, serverUrl });
    open.add(bus, (regular) => regular.stop());
  }
  return {
    url,
    database: config.databaseUrl ? "configured" : "embedded",
    databaseUrl,
    queue: queues.backend,
    async readApp() {
      const answer = await (await host.probot.auth()).request("GET /app");
      return z.object({ slug: z.string() }).parse(answer.data);
    },
    close: () => open.close(),
  };
}

async function openDatabase(config: Config, log: Log, open: Closing): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  const embedded = await startEmbedded({ dataDir: config.dataDir, log });
  return open.add(embedded, (used) => used.release()).url;
}

const ADJUST_MS = 30_000;

/** The database's clock, which all processes share, decides leases and due times. */
async function openClock(store: Store, open: Closing): Promise<Clock> {
  const clock = await openDatabaseClock(store.sql);
  const adjusting = every(ADJUST_MS, () => clock.adjust(), { jitter: Math.random, onError: () => undefined });
  open.add(adjusting, (regular) => regular.stop());
  return clock;
}

type Writing = LedgerOptions["github"];

/** A dry run only replaces the writer; the rest of the app does not know about it. */
function writerOf({ config, log, hooks }: StartOptions, store: Store, github: Writing, tracing: Tracing) {
  if (!config.dryRun) {
    const { publicUrl } = config;
    return createEffectLedger({ store, github, tracing, publicUrl, ...(hooks && { hooks }) }).writer;
  }
  return (installationId: bigint) =>
    createDryRunWriter({ installationId, store, print: (text) => log.info({ effect: text }, "dry run") });
}
